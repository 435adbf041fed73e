package io.coord.sample;

import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The format of the shop's znodes. Thread-safe: immutable. */
@Component
class ZnodeJson {

    private final JsonMapper mapper;

    ZnodeJson(JsonMapper mapper) {
        this.mapper = mapper;
    }

    byte[] write(Object value) {
        return mapper.writeValueAsBytes(value);
    }

    /** @throws tools.jackson.core.JacksonException when the data are something else */
    <T> T read(byte[] data, Class<T> type) {
        return mapper.readValue(data, type);
    }

    /** @throws tools.jackson.core.JacksonException when the data are no JSON */
    JsonNode readTree(byte[] data) {
        return mapper.readTree(data);
    }
}
