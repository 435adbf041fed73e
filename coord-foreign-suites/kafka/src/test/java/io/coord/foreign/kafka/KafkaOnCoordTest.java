package io.coord.foreign.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.IntegerDeserializer;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaOnCoordTest {
    private static final Duration LONG = Duration.ofMinutes(3);
    private static final int MESSAGES = 10_000;

    @TempDir
    Path directory;

    private int coordPort;
    private int brokerPort;
    private ChildProcess coord;
    private ChildProcess broker;

    @BeforeEach
    void start() throws Exception {
        coordPort = freePort();
        brokerPort = freePort();
        startCoord();
        startBroker();
    }

    @AfterEach
    void stop() throws Exception {
        broker.kill();
        coord.kill();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void startCoord() throws IOException {
        coord = ChildProcess.start(
                directory.resolve("coord.log"),
                CoordServerMain.class.getName(),
                Integer.toString(coordPort),
                directory.resolve("coord").toString());
        awaitPort(coordPort, coord);
    }

    private void startBroker() throws IOException {
        Path properties = directory.resolve("server.properties");
        Files.writeString(properties, """
                broker.id=0
                listeners=PLAINTEXT://127.0.0.1:%d
                zookeeper.connect=127.0.0.1:%d/kafka
                zookeeper.session.timeout.ms=6000
                log.dirs=%s
                offsets.topic.replication.factor=1
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                group.initial.rebalance.delay.ms=0
                """.formatted(brokerPort, coordPort, directory.resolve("kafka")));
        broker = ChildProcess.start(directory.resolve("broker.log"), "kafka.Kafka", properties.toString());
        awaitPort(brokerPort, broker);
    }

    private static void awaitPort(int port, ChildProcess process) {
        await().atMost(LONG).until(() -> {
            assertThat(process.isAlive()).as("%s", process).isTrue();
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
                return true;
            } catch (IOException e) {
                return false;
            }
        });
    }

    private Map<String, Object> client(Map<String, Object> more) {
        Map<String, Object> all = new HashMap<>(more);
        all.put("bootstrap.servers", "127.0.0.1:" + brokerPort);
        return all;
    }

    private void produce(String topic, int from, int to) throws Exception {
        try (KafkaProducer<Integer, Integer> producer = new KafkaProducer<>(
                client(Map.of("acks", "all", "enable.idempotence", true, "delivery.timeout.ms", 150_000)),
                new IntegerSerializer(),
                new IntegerSerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = from; i < to; i++) {
                sent.add(producer.send(new ProducerRecord<>(topic, i, i)));
            }
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
        }
    }

    private List<Integer> consume(String topic, String group, int count) {
        List<Integer> values = new ArrayList<>();
        try (KafkaConsumer<Integer, Integer> consumer = new KafkaConsumer<>(
                client(Map.of("group.id", group, "auto.offset.reset", "earliest", "enable.auto.commit", false)),
                new IntegerDeserializer(),
                new IntegerDeserializer())) {
            consumer.subscribe(List.of(topic));
            await().atMost(LONG).until(() -> {
                for (ConsumerRecord<Integer, Integer> each : consumer.poll(Duration.ofMillis(200))) {
                    values.add(each.value());
                }
                consumer.commitSync();
                return values.size() >= count;
            });
        }
        return values;
    }

    @Test
    void topicsAndMessagesSurviveARestartOfBrokerAndServer() throws Exception {
        try (Admin admin = Admin.create(client(Map.of()))) {
            admin.createTopics(List.of(new NewTopic("orders", 3, (short) 1), new NewTopic("other", 1, (short) 1)))
                    .all()
                    .get();
            produce("orders", 0, MESSAGES / 2);

            broker.stop();
            coord.kill();
            startCoord();
            startBroker();

            produce("orders", MESSAGES / 2, MESSAGES);
            assertThat(admin.listTopics().names().get()).contains("orders", "other");
            admin.createPartitions(Map.of("other", NewPartitions.increaseTo(4)))
                    .all()
                    .get();
            assertThat(admin.describeTopics(List.of("other"))
                            .allTopicNames()
                            .get()
                            .get("other")
                            .partitions())
                    .hasSize(4);
            admin.deleteTopics(List.of("other")).all().get();
            await().atMost(LONG).until(() -> !admin.listTopics().names().get().contains("other"));
        }

        List<Integer> values = consume("orders", "readers", MESSAGES);

        assertThat(values).hasSize(MESSAGES);
        Set<Integer> distinct = new TreeSet<>(values);
        assertThat(distinct).hasSize(MESSAGES).contains(0, MESSAGES - 1);
    }

    @Test
    void aBrokerOutlivesTheKillOfItsServer() throws Exception {
        try (Admin admin = Admin.create(client(Map.of()))) {
            admin.createTopics(List.of(new NewTopic("before", 1, (short) 1)))
                    .all()
                    .get();
            produce("before", 0, 100);

            coord.kill();
            produce("before", 100, 200);
            startCoord();

            await().atMost(LONG).ignoreExceptions().until(() -> {
                admin.createTopics(List.of(new NewTopic("after", 1, (short) 1)))
                        .all()
                        .get();
                return true;
            });
            produce("after", 0, 100);
        }

        assertThat(broker.isAlive()).isTrue();
        assertThat(consume("before", "readers", 200)).hasSize(200);
        assertThat(consume("after", "readers", 100)).hasSize(100);
    }

    @Test
    void aKilledBrokersRegistrationEndsWithItsSession() throws Exception {
        broker.kill();
        startBroker();

        try (Admin admin = Admin.create(client(Map.of()))) {
            await().atMost(LONG)
                    .ignoreExceptions()
                    .until(() -> admin.describeCluster().nodes().get().size() == 1);
            admin.createTopics(List.of(new NewTopic("again", 1, (short) 1)))
                    .all()
                    .get();
        }
        produce("again", 0, 10);
        assertThat(consume("again", "readers", 10)).hasSize(10);
    }
}
