package io.coord.recipes.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.curator.x.discovery.details.JsonInstanceSerializer;
import org.junit.jupiter.api.Test;

/** Our JSON beside that of stock Curator. */
class InstanceSerializerTest {
    /** Fields out of alphabetical order, a null, nested values. */
    public static final class Payload {
        public String zone = "eu";
        public int weight = 3;
        public Map<String, String> tags = new HashMap<>(Map.of("k", "v"));
        public List<Object> list = new ArrayList<>(List.of(1, "x", 2.5));
        public String nothing;

        @Override
        public boolean equals(Object other) {
            return other instanceof Payload that
                    && zone.equals(that.zone)
                    && weight == that.weight
                    && tags.equals(that.tags)
                    && list.equals(that.list)
                    && Objects.equals(nothing, that.nothing);
        }

        @Override
        public int hashCode() {
            return Objects.hash(zone, weight, tags, list, nothing);
        }
    }

    public enum Colour {
        RED,
        GREEN {
            @Override
            public String toString() {
                return "green";
            }
        }
    }

    private static <T> ServiceInstance<T> ours(T payload) {
        return new ServiceInstance<>(
                "shop",
                "id-1",
                "10.0.0.1",
                8080,
                null,
                payload,
                1234567890123L,
                ServiceType.DYNAMIC,
                UriSpec.parse("{scheme}://{ address }:{port}/x{[}"),
                true);
    }

    private static <T> org.apache.curator.x.discovery.ServiceInstance<T> theirs(T payload) {
        return new org.apache.curator.x.discovery.ServiceInstance<>(
                "shop",
                "id-1",
                "10.0.0.1",
                8080,
                null,
                payload,
                1234567890123L,
                org.apache.curator.x.discovery.ServiceType.DYNAMIC,
                new org.apache.curator.x.discovery.UriSpec("{scheme}://{ address }:{port}/x{[}"),
                true);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static <T> void assertSameBytes(T payload, Class<T> type) throws Exception {
        byte[] mine = InstanceSerializer.of(type).serialize(ours(payload));
        byte[] curators = new JsonInstanceSerializer<>(type).serialize(theirs(payload));
        assertThat(text(mine)).isEqualTo(text(curators));
        byte[] mineWhole = InstanceSerializer.of(type).writingEnabled().serialize(ours(payload));
        byte[] curatorsWhole = new JsonInstanceSerializer<>(type, false).serialize(theirs(payload));
        assertThat(text(mineWhole)).isEqualTo(text(curatorsWhole));
        assertThat(InstanceSerializer.of(type).deserialize(curators)).isEqualTo(ours(payload));
        assertThat(new JsonInstanceSerializer<>(type).deserialize(mine).getPayload())
                .isEqualTo(payload);
    }

    @Test
    @SuppressWarnings("JavaUtilDate")
    void writesTheBytesThatCuratorWritesForEachKindOfPayload() throws Exception {
        assertSameBytes(null, Object.class);
        assertSameBytes(new Payload(), Payload.class);
        assertSameBytes("text with \"quotes\", \u00e9, \u2028 and \u0001", String.class);
        assertSameBytes(5, Integer.class);
        assertSameBytes(5L, Long.class);
        assertSameBytes(5.5, Double.class);
        assertSameBytes(true, Boolean.class);
        assertSameBytes(Colour.RED, Colour.class);
        assertSameBytes(new Date(12345), Date.class);
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void writesTheBytesThatCuratorWritesForCollections() throws Exception {
        assertSameBytes(new HashMap(Map.of("a", 1)), HashMap.class);
        assertSameBytes(new ArrayList(List.of("a", 2)), ArrayList.class);
    }

    @Test
    void writesAbsentFieldsAsCuratorDoes() throws Exception {
        ServiceInstance<Object> mine =
                new ServiceInstance<>("n", "i", null, null, 443, null, 5, ServiceType.STATIC, null, false);
        org.apache.curator.x.discovery.ServiceInstance<Object> curators =
                new org.apache.curator.x.discovery.ServiceInstance<>(
                        "n",
                        "i",
                        null,
                        null,
                        443,
                        null,
                        5,
                        org.apache.curator.x.discovery.ServiceType.STATIC,
                        null,
                        false);

        assertThat(text(InstanceSerializer.of(Object.class).writingEnabled().serialize(mine)))
                .isEqualTo(text(new JsonInstanceSerializer<>(Object.class, false).serialize(curators)));
        assertThat(InstanceSerializer.of(Object.class)
                        .deserialize("{\"name\":\"n\",\"id\":\"i\"}".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(new ServiceInstance<>("n", "i", null, null, null, null, 0, ServiceType.DYNAMIC, null, true));
    }

    @Test
    void readsPayloadsOfAnyClassAsItsOwn() {
        byte[] json = ("{\"name\":\"n\",\"id\":\"i\",\"later\":{},\"payload\":"
                        + "{\"@class\":\"org.example.Gone\",\"zone\":\"us\",\"unknown\":1}}")
                .getBytes(StandardCharsets.UTF_8);

        assertThat(InstanceSerializer.of(Payload.class).deserialize(json).payload().zone)
                .isEqualTo("us");
    }

    @Test
    void writesPayloadsUnderTheNameThatOthersKnow() {
        byte[] json = InstanceSerializer.of(Payload.class)
                .writingPayloadClassAs("org.example.Known")
                .serialize(ours(new Payload()));

        assertThat(text(json)).contains("\"payload\":{\"@class\":\"org.example.Known\",\"zone\":\"eu\"");
    }

    @Test
    void refusesWhatIsNoInstance() {
        InstanceSerializer<Payload> serializer = InstanceSerializer.of(Payload.class);
        for (String bad : List.of(
                "",
                "[]",
                "127.0.0.1",
                "{",
                "{}",
                "{\"name\":\"n\"}",
                "{\"name\":\"n\",\"id\":\"i\",\"serviceType\":\"UNHEARD\"}",
                "{\"name\":\"n\",\"id\":\"i\",\"port\":\"x\"}",
                "{\"name\":\"n\",\"id\":\"i\",\"payload\":{\"weight\":\"heavy\"}}")) {
            assertThatThrownBy(() -> serializer.deserialize(bad.getBytes(StandardCharsets.UTF_8)))
                    .as(bad)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void buildsTheSameAddressAsCurator() {
        assertThat(ours(null).buildUriSpec()).isEqualTo(theirs(null).buildUriSpec());
        assertThat(ours(null).buildUriSpec(Map.of("scheme", "ftp")))
                .isEqualTo(theirs(null).buildUriSpec(Map.of("scheme", "ftp")));
        assertThatThrownBy(() -> UriSpec.parse("{a{b}}")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> UriSpec.parse("{a")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> UriSpec.parse("a}")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesNamesThatAreNoElementOfAPath() {
        assertThatThrownBy(() -> ServiceInstance.builder("a/b").build()).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ServiceInstance.builder("a").id("").build())
                .isInstanceOf(IllegalArgumentException.class);
    }
}
