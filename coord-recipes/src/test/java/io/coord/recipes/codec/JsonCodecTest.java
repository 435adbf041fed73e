package io.coord.recipes.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.client.CoordClient;
import io.coord.client.error.UnreadableDataException;
import io.coord.recipes.server.CoordTestServer;
import io.coord.recipes.server.RecipeContract;
import io.coord.recipes.server.TestServer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

class JsonCodecTest extends RecipeContract {
    private record Order(String id, int pieces) {}

    @Override
    protected TestServer startServer() {
        return new CoordTestServer();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void valuesOfTheApplicationAreTheDataOfZnodes() {
        String path = place("order");
        CoordClient client = client();
        JsonCodec<Order> orders = JsonCodec.of(Order.class);
        client.create().as(orders).forPath(path, new Order("sieben", 3));
        assertThat(client.getData().forPath(path)).isEqualTo(bytes("{\"id\":\"sieben\",\"pieces\":3}"));

        client.setData().as(orders).forPath(path, new Order("ä", 4));

        assertThat(client.getData().as(orders).forPath(path)).isEqualTo(new Order("ä", 4));
    }

    @Test
    void readsTypesWithParameters() {
        JsonCodec<Map<String, List<Order>>> codec = JsonCodec.of(new TypeReference<>() {}, JsonMapper.shared());
        Map<String, List<Order>> value = Map.of("north", List.of(new Order("1", 2)));

        assertThat(codec.decode(codec.encode(value))).isEqualTo(value);
    }

    @Test
    void whatIsNoSuchValueIsRefusedWithThePath() {
        String path = place("strange");
        CoordClient client = client();
        JsonCodec<Order> orders = JsonCodec.of(Order.class);
        client.create().forPath(path);
        for (String text : List.of("", "null", "{\"id\":", "[]", "17")) {
            client.setData().forPath(path, bytes(text));
            assertThatThrownBy(() -> client.getData().as(orders).forPath(path))
                    .as(text)
                    .isInstanceOf(UnreadableDataException.class)
                    .hasMessageContaining(path);
        }
    }

    @Test
    void whatCannotBeWrittenIsNotSent() {
        String path = place("unwritable");
        CoordClient client = client();
        List<Object> endless = new ArrayList<>();
        endless.add(endless);

        assertThatThrownBy(() -> client.create().as(JsonCodec.of(Object.class)).forPath(path, endless))
                .isInstanceOf(JacksonException.class);
        assertThat(client.checkExists().forPath(path)).isNull();
    }

    @Test
    void theMapperSaysHowStrictItIs() {
        byte[] newer = bytes("{\"id\":\"1\",\"pieces\":2,\"colour\":\"red\"}");
        JsonMapper strict = JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();

        assertThat(JsonCodec.of(Order.class).decode(newer)).isEqualTo(new Order("1", 2));
        assertThatThrownBy(() -> JsonCodec.of(Order.class, strict).decode(newer))
                .isInstanceOf(JacksonException.class);
    }
}
