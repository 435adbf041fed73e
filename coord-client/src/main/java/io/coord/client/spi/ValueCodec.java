package io.coord.client.spi;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Values as the data of znodes: {@code client.getData().as(codec)} and the like. Called on the thread that makes the call or
 * takes its result, never on the network thread.
 *
 * <p>Implementations are thread-safe.
 *
 * <pre>{@code
 * ValueCodec<Long> numbers = new ValueCodec<>() {
 *     @Override
 *     public byte[] encode(Long value) {
 *         return value.toString().getBytes(StandardCharsets.UTF_8);
 *     }
 *
 *     @Override
 *     public Long decode(byte[] data) {
 *         return Long.valueOf(new String(data, StandardCharsets.UTF_8));
 *     }
 * };
 * client.create().as(numbers).forPath("/limits/orders", 100L);
 * long limit = client.getData().as(numbers).forPath("/limits/orders");
 * }</pre>
 */
public interface ValueCodec<T> {
    /** What it throws comes out of the call, before anything is sent. */
    byte[] encode(T value);

    /**
     * @throws RuntimeException when the data is no such value; the call then fails with {@link
     *     io.coord.client.error.UnreadableDataException}
     */
    T decode(byte[] data);

    /** Text in UTF-8. Data that is none is refused. */
    static ValueCodec<String> utf8() {
        return new ValueCodec<>() {
            @Override
            public byte[] encode(String value) {
                return value.getBytes(StandardCharsets.UTF_8);
            }

            @Override
            public String decode(byte[] data) {
                try {
                    return StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(data))
                            .toString();
                } catch (CharacterCodingException e) {
                    throw new IllegalArgumentException("not UTF-8", e);
                }
            }
        };
    }
}
