package io.coord.spring.watch;

import io.coord.client.spi.ValueCodec;
import io.coord.recipes.codec.JsonCodec;
import io.coord.spring.method.AnnotatedMethods;
import io.coord.spring.method.AttributeReader;
import io.coord.spring.method.BeanMethod;
import io.coord.spring.method.ListenerRegistrar;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.ResolvableType;
import org.springframework.util.StringValueResolver;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Finds the methods of beans that carry {@link NodeListener}, checks them and has them told. Runs on the threads that make beans. */
public final class NodeListenerRegistrar extends ListenerRegistrar<ListenedNode> {

    private final BeanFactory beans;
    private final Supplier<NodeListeners> listeners;

    /**
     * @param placeholders replaces placeholders in annotations; throws IllegalArgumentException for one that has no value
     * @param beans asked for codecs and for a mapper of JSON
     * @param listeners asked when the first such bean is made, not before
     */
    public NodeListenerRegistrar(
            StringValueResolver placeholders, BeanFactory beans, Supplier<NodeListeners> listeners) {
        super(
                methods(new AttributeReader(placeholders, InvalidNodeListenerException::new)),
                InvalidNodeListenerException::new,
                beans);
        this.beans = beans;
        this.listeners = listeners;
    }

    private static AnnotatedMethods<ListenedNode> methods(AttributeReader attributes) {
        return new AnnotatedMethods<>(
                Set.of(NodeListener.class), (method, type) -> ListenedNode.read(method, attributes));
    }

    @Override
    protected void register(ListenedNode listened, BeanMethod method) {
        listeners.get().add(listened, method, codec(listened.value()));
    }

    @SuppressWarnings("unchecked")
    private ValueCodec<Object> codec(@Nullable ResolvableType value) {
        if (value == null) {
            return new RawCodec();
        }
        ValueCodec<?> own = beans.<ValueCodec<?>>getBeanProvider(
                        ResolvableType.forClassWithGenerics(ValueCodec.class, value))
                .getIfUnique();
        if (own != null) {
            return (ValueCodec<Object>) own;
        }
        Class<?> type = value.resolve(byte[].class);
        if (type == byte[].class) {
            return new RawCodec();
        }
        if (type == String.class) {
            return (ValueCodec<Object>) (ValueCodec<?>) ValueCodec.utf8();
        }
        JsonMapper mapper = beans.getBeanProvider(JsonMapper.class).getIfUnique(JsonMapper::shared);
        return JsonCodec.of(
                new TypeReference<Object>() {
                    @Override
                    public java.lang.reflect.Type getType() {
                        return value.getType();
                    }
                },
                mapper);
    }

    /** Bytes as they are. */
    private static final class RawCodec implements ValueCodec<Object> {

        @Override
        public byte[] encode(Object value) {
            return (byte[]) value;
        }

        @Override
        public Object decode(byte[] data) {
            return data;
        }
    }
}
