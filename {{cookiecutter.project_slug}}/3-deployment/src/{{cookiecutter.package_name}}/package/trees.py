"""Cut a large ensemble of trees into groups that stay in the processor's nearest cache.

onnxruntime asks all trees about a row before it takes the next one. Groups of trees that sum
up to the same cost a batch less, and a single row next to nothing more.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import onnx
from onnx import TensorProto, helper

MOST_NODES = 2_000  # of a group; its nodes take about 24 bytes each
KINDS = {"TreeEnsembleClassifier": "class", "TreeEnsembleRegressor": "target"}
Known = dict[str, Any]


def cut(model: onnx.ModelProto) -> onnx.ModelProto:
    """Replace an ensemble that sums up to one number by groups of its trees.

    An ensemble of another kind stays as it is, and so does a small one.
    Source: https://onnx.ai/onnx/operators/onnx_aionnxml_TreeEnsembleRegressor.html
    """
    nodes = list(model.graph.node)
    place = next((at for at, node in enumerate(nodes) if node.op_type in KINDS), None)
    if place is not None:
        nodes[place : place + 1] = _divide(nodes[place])
        del model.graph.node[:]
        model.graph.node.extend(nodes)
    return model


def _divide(node: onnx.NodeProto) -> list[onnx.NodeProto]:
    known = {one.name: helper.get_attribute_value(one) for one in node.attribute}
    groups = list(_group(known["nodes_treeids"]))
    if len(groups) < 2 or not _is_one_sum(known):
        return [node]
    return _write(node, known, groups)


def _group(trees: list[int]) -> Iterator[set[int]]:
    """Give the numbers of the trees, as many at once as have the nodes of a group."""
    group: set[int] = set()
    nodes = 0
    for tree, size in Counter(trees).items():
        if group and nodes + size > MOST_NODES:
            yield group
            group, nodes = set(), 0
        group.add(tree)
        nodes += size
    yield group


def _is_one_sum(known: Known) -> bool:
    """Tell whether the weights of all leaves are added up, and to one number."""
    if any(name.endswith("_as_tensor") for name in known):
        return False
    if "target_ids" in known:
        plain = known.get("post_transform", b"NONE") == b"NONE"
        summed = known.get("aggregate_function", b"SUM") == b"SUM"
        return plain and summed and set(known["target_ids"]) == {0}
    labels = known.get("classlabels_strings") or known.get("classlabels_int64s", ())
    logistic = known.get("post_transform") == b"LOGISTIC"
    return logistic and len(labels) == 2 and set(known["class_ids"]) == {0}


def _write(
    node: onnx.NodeProto, known: Known, groups: list[set[int]]
) -> list[onnx.NodeProto]:
    """Write the groups, their sum and, for two classes, both chances."""
    scores = node.output[-1]
    parts = [f"{scores}_of_group_{number}" for number in range(len(groups))]
    made = [
        helper.make_node(
            "TreeEnsembleRegressor",
            list(node.input),
            [part],
            domain=node.domain,
            n_targets=1,
            **_take(known, KINDS[node.op_type], group),
            **({} if part != parts[0] else _take_base(known)),
        )
        for part, group in zip(parts, groups)
    ]
    if "class_ids" not in known:
        return [*made, helper.make_node("Sum", parts, [scores])]
    return [*made, *_write_chances(parts, scores)]


def _take_base(known: Known) -> Known:
    """What is added once goes with the first group."""
    return {"base_values": known["base_values"]} if known.get("base_values") else {}


def _take(known: Known, prefix: str, group: set[int]) -> Known:
    """Give the attributes of some of the trees, by the names that a regressor has for them."""
    found: Known = {}
    for name, values in known.items():
        kind, _, rest = name.partition("_")
        if kind in ("nodes", prefix) and rest:
            of = known[f"{kind}_treeids"]
            kept = [value for value, tree in zip(values, of) if tree in group]
            found["nodes_" + rest if kind == "nodes" else "target_" + rest] = kept
    return found


def _write_chances(parts: list[str], scores: str) -> list[onnx.NodeProto]:
    """Turn the sum, the logit of the second class, into the chances of both."""
    # No name of the rest of the graph begins with that of its last output.
    logit, one, *both = (f"{scores}_{of}" for of in ("logit", "one", "first", "second"))
    value = helper.make_tensor(one, TensorProto.FLOAT, [], [1.0])
    return [
        helper.make_node("Sum", parts, [logit]),
        helper.make_node("Sigmoid", [logit], both[1:]),
        helper.make_node("Constant", [], [one], value=value),
        helper.make_node("Sub", [one, both[1]], both[:1]),
        helper.make_node("Concat", both, [scores], axis=1),
    ]
