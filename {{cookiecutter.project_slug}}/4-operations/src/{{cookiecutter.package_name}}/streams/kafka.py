"""Carry messages over Kafka, so that models may run on other machines.

Source: https://docs.confluent.io/platform/current/clients/confluent-kafka-python/html/index.html
"""

import json
import logging
import threading
import time

from confluent_kafka import (
    Consumer,
    KafkaError,
    KafkaException,
    Producer,
    TopicPartition,
)
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic  # pylint: disable=no-name-in-module

from ..refusal import Refusal
from . import settings
from .bus import Hear, Message, Stop, listen

LOG = logging.getLogger(__name__)

PATIENCE_SECONDS = 5.0
TICK_SECONDS = 0.1
MOST_AT_ONCE = 1_000
ATTEMPTS = 50
# A question is of no use when it is old, and an answer costs as much to wait for as to send.
QUICK = {
    "acks": "1",
    "linger.ms": 0,
    "message.timeout.ms": 5_000,
    "queue.buffering.max.kbytes": 65_536,
}


class Kafka:
    """Publishes JSON; what finds no room in the buffer, or no broker, is counted as lost.

    Whoever consumes hears every message, so there are no groups and no offsets to keep.
    """

    def __init__(self, how: settings.Kafka) -> None:
        self.lost = 0
        self._how = how
        self._producer = Producer(how.connect(**QUICK))
        self._stops: list[Stop] = []

    def publish(self, topic: str, message: Message) -> bool:
        """Put a message into the client's buffer; False when that is full."""
        body = json.dumps(message, default=str, separators=(",", ":")).encode()
        try:
            self._producer.produce(
                self._how.name(topic), body, on_delivery=self._account
            )
        except (BufferError, KafkaException):
            self.lost += 1
            return False
        finally:
            self._producer.poll(0)
        return True

    def consume(self, topic: str, hear: Hear) -> Stop:
        """Hear in a thread of its own what is published once this has returned."""
        consumer = open_consumer(self._how, topic)
        stopped = threading.Event()
        thread = threading.Thread(
            target=_run, args=(consumer, hear, stopped), name=topic, daemon=True
        )
        thread.start()

        def stop() -> None:
            stopped.set()
            thread.join()

        self._stops.append(stop)
        return stop

    def close(self) -> None:
        """End the threads; what is under way is sent, or given up after a while."""
        for stop in self._stops:
            stop()
        self._producer.flush(PATIENCE_SECONDS)

    def _account(self, error: KafkaError | None, _message: object) -> None:
        self.lost += error is not None


def _run(consumer: Consumer, hear: Hear, stopped: threading.Event) -> None:
    while not stopped.is_set():
        # `consume` would wait for all that it may give, so wait for the first alone.
        first = consumer.poll(TICK_SECONDS)
        if first is None:
            continue
        for message in [first, *consumer.consume(MOST_AT_ONCE, 0)]:
            if message.error():
                LOG.warning("messages do not come: %s", message.error())
                continue
            try:
                said = json.loads(message.value() or b"")
            except ValueError:
                LOG.warning("a message of %s is no JSON", message.topic())
                continue
            listen(hear, said)
    consumer.close()


def open_consumer(
    how: settings.Kafka, topic: str, starts: dict[int, int] | None = None
) -> Consumer:
    """Read all partitions of a topic from these offsets on; by default from their end."""
    own = {"group.id": how.prefix, "enable.auto.commit": False}
    quick = {"fetch.wait.max.ms": 10, "auto.offset.reset": "earliest"}
    consumer = Consumer(how.connect(**own, **quick))
    try:
        parts = find_partitions(how, how.name(topic))
        places = [TopicPartition(how.name(topic), part) for part in parts]
        for place in places:
            if starts is None:
                # Asked now: "the end" would be that of the first fetch, some time later.
                place.offset = consumer.get_watermark_offsets(place, PATIENCE_SECONDS)[
                    1
                ]
            else:
                place.offset = starts.get(place.partition, 0)
        consumer.assign(places)
    except KafkaException as error:
        raise refuse(how, error) from error
    return consumer


def find_partitions(how: settings.Kafka, name: str) -> list[int]:
    """Give the partitions of a topic, which is made where it is not there yet."""
    admin = AdminClient(how.connect())
    try:
        for attempt in range(ATTEMPTS):
            # A broker that makes topics by itself does so when it is asked for one.
            found = admin.list_topics(name, PATIENCE_SECONDS).topics[name].partitions
            if found:
                return sorted(found)
            if not attempt:
                _make_topic(admin, NewTopic(name, how.partitions))
            time.sleep(TICK_SECONDS)
    except KafkaException as error:
        raise refuse(how, error) from error
    raise Refusal(f"Kafka does not make the topic {name}; make it by hand.")


def _make_topic(admin: AdminClient, topic: NewTopic) -> None:
    """Make a topic; it is no fault when somebody else was faster."""
    try:
        admin.create_topics([topic])[topic.topic].result(PATIENCE_SECONDS)
    except TimeoutError:
        LOG.warning("the topic %s is long in the making", topic.topic)
    except KafkaException as error:
        if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
            raise


def refuse(how: settings.Kafka, error: Exception) -> Refusal:
    """Say that the broker cannot be used."""
    said = error.args[0]
    reason = said.str() if isinstance(said, KafkaError) else str(said)
    servers = how.connect()["bootstrap.servers"]
    return Refusal(
        f"Kafka on {servers} cannot be used ({reason.rstrip('.')}); start it, or mend "
        "`kafka` in conf/streams.yaml."
    )
