package io.coord.recipes.codec;

import io.coord.client.spi.ValueCodec;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Values as JSON in UTF-8, by Jackson 3. Properties that the type does not know are passed over, unless the mapper is told to be
 * strict, so that a newer version may add some. A JSON {@code null}, and empty data, are no value.
 *
 * <p>Thread-safe: it is immutable.
 *
 * <pre>{@code
 * JsonCodec<Order> orders = JsonCodec.of(Order.class);
 * client.create().as(orders).forPath("/orders/7", new Order("7", 3));
 * Order order = client.getData().as(orders).forPath("/orders/7");
 * }</pre>
 *
 * @param <T> the value
 */
public final class JsonCodec<T> implements ValueCodec<T> {
    private static final JsonMapper DEFAULT = JsonMapper.shared();

    private final ObjectReader reader;
    private final ObjectWriter writer;

    private JsonCodec(JsonMapper mapper, JavaType type) {
        this.reader = mapper.readerFor(type);
        this.writer = mapper.writerFor(type);
    }

    /** For values of a class, with Jackson's own settings. */
    public static <T> JsonCodec<T> of(Class<T> type) {
        return of(type, DEFAULT);
    }

    /** For values of a class. */
    public static <T> JsonCodec<T> of(Class<T> type, JsonMapper mapper) {
        return new JsonCodec<>(mapper, mapper.constructType(type));
    }

    /** For values of a type with parameters, {@code new TypeReference<List<Order>>() {}} for instance. */
    public static <T> JsonCodec<T> of(TypeReference<T> type, JsonMapper mapper) {
        return new JsonCodec<>(mapper, mapper.getTypeFactory().constructType(type));
    }

    /** @throws tools.jackson.core.JacksonException when it cannot be written as JSON; out of the call, nothing was sent */
    @Override
    public byte[] encode(T value) {
        return writer.writeValueAsBytes(value);
    }

    /** @throws tools.jackson.core.JacksonException when it is no JSON of such a value */
    @Override
    public T decode(byte[] data) {
        T value = reader.readValue(data);
        if (value == null) {
            throw new IllegalArgumentException("null is no value");
        }
        return value;
    }
}
