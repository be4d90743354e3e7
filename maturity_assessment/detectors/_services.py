"""The functions of a repository that answer requests, whatever framework calls them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from maturity_assessment.scan.once import once
from maturity_assessment.scan.python import Called, Definition, Module, Name
from maturity_assessment.scan.repository import Repository

VERBS = frozenset(
    "get post put patch delete route api_route websocket websocket_route api_view http"
    " ingress api endpoint web_endpoint fastapi_endpoint on_event_predict function_name".split()
)
FRAMEWORKS = re.compile(
    r"^(fastapi|flask\w*|starlette|sanic|quart\w*|aiohttp|bottle|falcon|tornado|litestar|robyn"
    r"|blacksheep|connexion|chalice|django|rest_framework|ninja|functions_framework|bentoml"
    r"|ray\.serve|modal|aws_lambda_powertools|azure\.functions|cherrypy|hug|apiflask|pyramid)\b"
)
APPS = re.compile(
    r"(^|\.|_)(app|application|router|api|blueprint|bp|server|routes|ns)$", re.I
)
VIEWS = re.compile(
    r"(Resource|MethodView|APIView|GenericAPIView|ViewSet|RequestHandler|HTTPEndpoint"
    r"|BaseHTTPRequestHandler|Servicer|HTTPMethodView)$"
)
METHODS = re.compile(r"^(get|post|put|on_get|on_post|on_put|do_GET|do_POST|create)$")
REGISTERS = (
    "*.add_url_rule",
    "*.add_api_route",
    "*.add_route",
    "*.add_post",
    "*.add_get",
    "starlette.routing.Route",
    "aiohttp.web.post",
    "django.urls.path",
    "django.urls.re_path",
    "django.conf.urls.url",
)
LAMBDA = ("lambda_handler", "handler")


@dataclass(frozen=True)
class Handler:
    """One function that answers requests: where it is, and what it is asked under."""

    path: str
    function: str
    line: int
    route: str = ""

    @property
    def node(self) -> tuple[str, str]:
        """Its place in the graph of functions."""
        return self.path, self.function

    @property
    def words(self) -> str:
        """What its own name and its route say of it."""
        return f"{self.function.rpartition('.')[2]} {self.route}".lower()


@once
def find_handlers(repository: Repository) -> tuple[Handler, ...]:
    """Give every function that answers requests, tests, notebooks and documents left out."""
    found: dict[tuple[str, str], Handler] = {}
    for path, module in repository.python.modules.items():
        if module.notebook or repository.files[path].classes & {"test", "docs"}:
            continue
        for handler in [*decorated(module), *methods(module), *lambdas(module)]:
            found.setdefault(handler.node, handler)
    for handler in registered(repository):
        found.setdefault(handler.node, handler)
    return tuple(found.values())


def is_route(name: str) -> bool:
    """Whether a decorator hands a function to a web framework."""
    owner, _, last = name.rpartition(".")
    return last in VERBS and bool(FRAMEWORKS.match(name) or APPS.search(owner))


def decorated(module: Module) -> Iterator[Handler]:
    """Give the functions that a decorator makes a route."""
    routes = {call.line: call.texts() for call in module.calls if is_route(call.name)}
    for one in module.definitions.values():
        if one.kind == "function" and any(map(is_route, one.decorators)):
            near = [
                routes[line]
                for line in range(one.line - 12, one.line + 1)
                if line in routes
            ]
            route = " ".join(near[-1]) if near else ""
            yield Handler(module.path, one.name, one.line, route)


def methods(module: Module) -> Iterator[Handler]:
    """Give the methods of classes that a framework calls by the name of the request."""
    falcon = any(name.split(".")[0] == "falcon" for name in module.imports)
    for one in module.definitions.values():
        owner, _, last = one.name.rpartition(".")
        parent = module.definitions.get(owner)
        if parent is None or parent.kind != "class" or one.kind != "function":
            continue
        bases = [base for base in parent.bases if VIEWS.search(base)]
        served = any(base.endswith("Servicer") for base in bases) and last[0] != "_"
        if served or (
            METHODS.match(last) and (bases or falcon and last.startswith("on_"))
        ):
            yield Handler(module.path, one.name, one.line, owner)


def lambdas(module: Module) -> Iterator[Handler]:
    """Give the handlers of functions in the cloud."""
    azure = any(name.startswith("azure.functions") for name in module.imports)
    for one in module.definitions.values():
        if one.kind != "function":
            continue
        first = one.parameters[:1]
        is_lambda = (
            one.name in LAMBDA and first and first[0].strip("_") in ("event", "evt")
        )
        if is_lambda or (
            azure and one.name == "main" and first in (("req",), ("request",))
        ):
            yield Handler(module.path, one.name, one.line, "")


def registered(repository: Repository) -> Iterator[Handler]:
    """Give the functions that are handed to a framework by name."""
    for call in repository.python.calls(
        *REGISTERS, without=("test", "docs", "notebook")
    ):
        for value in [*call.args, *call.keywords.values()]:
            one = named(repository, value, call.path)
            if one is not None:
                route = " ".join(call.texts()[:1])
                yield Handler(one.path, one.name, one.line, route)


def named(repository: Repository, value: object, path: str) -> Definition | None:
    """Give the function, or the class of a view, that a value names."""
    dotted = value.dotted if isinstance(value, Name) else ""
    if isinstance(value, Called):
        dotted = value.name.removesuffix(".as_view")
    module = repository.python.modules[path]
    local = module.definitions.get(dotted.removeprefix(f"{module.name}."))
    folder = path.rpartition("/")[0]
    found = local or (
        repository.python.resolver.definition(dotted, folder) if dotted else None
    )
    return (
        found
        if found is not None and "test" not in repository.files[found.path].classes
        else None
    )
