package io.coord.recipes.discovery;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An instance's JSON, byte for byte what Curator's {@code JsonInstanceSerializer} writes for the same instance. The payload
 * carries the name of its class, which Curator needs to read it; this side never loads a class by a name that it read, it
 * reads every payload as the class that it was made for.
 *
 * <pre>{@code
 * InstanceSerializer<Payload> serializer = InstanceSerializer.of(Payload.class).writingEnabled();
 * byte[] json = serializer.serialize(ServiceInstance.<Payload>builder("shop").id("shop-3").build());
 * ServiceInstance<Payload> read = serializer.deserialize(json);
 * }</pre>
 *
 * @param <T> the payload
 */
public final class InstanceSerializer<T> {
    private static final String CLASS = "@class";

    private final JsonMapper json = JsonMapper.builderWithJackson2Defaults()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private final Class<T> payloadClass;
    private final @Nullable String payloadClassName;
    private final boolean writesEnabled;

    private InstanceSerializer(Class<T> payloadClass, @Nullable String payloadClassName, boolean writesEnabled) {
        this.payloadClass = payloadClass;
        this.payloadClassName = payloadClassName;
        this.writesEnabled = writesEnabled;
    }

    /** As Curator has it by default: without {@code enabled}, which old readers refuse. */
    public static <T> InstanceSerializer<T> of(Class<T> payloadClass) {
        return new InstanceSerializer<>(payloadClass, null, false);
    }

    /** Without a payload. */
    public static InstanceSerializer<Void> withoutPayload() {
        return of(Void.class);
    }

    /** Writes {@code enabled} as well. */
    public InstanceSerializer<T> writingEnabled() {
        return new InstanceSerializer<>(payloadClass, payloadClassName, true);
    }

    /** Writes payloads under another class name, one that readers on Curator know for the same JSON. */
    public InstanceSerializer<T> writingPayloadClassAs(String className) {
        return new InstanceSerializer<>(payloadClass, className, writesEnabled);
    }

    /** @throws IllegalArgumentException when the payload cannot be written */
    public byte[] serialize(ServiceInstance<T> instance) {
        try {
            ObjectNode node = json.createObjectNode();
            node.put("name", instance.name());
            node.put("id", instance.id());
            node.put("address", instance.address());
            node.put("port", instance.port());
            node.put("sslPort", instance.sslPort());
            node.set("payload", payload(instance.payload()));
            node.put("registrationTimeUTC", instance.registrationTimeUtc());
            node.put("serviceType", instance.serviceType().name());
            UriSpec uriSpec = instance.uriSpec();
            if (uriSpec == null) {
                node.putNull("uriSpec");
            } else {
                ArrayNode parts = node.putObject("uriSpec").putArray("parts");
                uriSpec.parts()
                        .forEach(part ->
                                parts.addObject().put("value", part.value()).put("variable", part.variable()));
            }
            if (writesEnabled) {
                node.put("enabled", instance.enabled());
            }
            return json.writeValueAsBytes(node);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "instance " + instance.id() + " of service " + instance.name() + " cannot be written as JSON", e);
        }
    }

    /**
     * Reads what Curator or this class wrote. Unknown fields are ignored, missing ones have Curator's defaults, but name and
     * id must be there.
     *
     * @throws IllegalArgumentException when it is no such JSON, or its payload is none of ours
     */
    public ServiceInstance<T> deserialize(byte[] bytes) {
        try {
            JsonNode node = json.readTree(bytes);
            if (!(node instanceof ObjectNode)) {
                throw new IllegalArgumentException("not a JSON object");
            }
            JsonNode type = node.path("serviceType");
            return new ServiceInstance<>(
                    node.path("name").asString(""),
                    node.path("id").asString(""),
                    text(node.path("address")),
                    number(node.path("port")),
                    number(node.path("sslPort")),
                    readPayload(node.path("payload")),
                    node.path("registrationTimeUTC").asLong(0),
                    isAbsent(type) ? ServiceType.DYNAMIC : ServiceType.valueOf(type.asString()),
                    readUriSpec(node.path("uriSpec")),
                    node.path("enabled").asBoolean(true));
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not the JSON of a service instance: " + e.getOriginalMessage(), e);
        }
    }

    /** Objects carry the class inside, other values are wrapped together with it; some JSON types need none. */
    private JsonNode payload(@Nullable T payload) {
        if (payload == null) {
            return json.nullNode();
        }
        JsonNode value = json.valueToTree(payload);
        boolean isNatural = payload instanceof String
                || payload instanceof Boolean
                || payload instanceof Integer
                || payload instanceof Double;
        if (isNatural || payload instanceof JsonNode) {
            return value;
        }
        String className = payloadClassName == null ? classOf(payload).getName() : payloadClassName;
        if (value instanceof ObjectNode object) {
            ObjectNode typed = json.createObjectNode();
            typed.put(CLASS, className);
            typed.setAll(object);
            return typed;
        }
        return json.createArrayNode().add(className).add(value);
    }

    /** The class of an enum's constant with a body is a subclass of the enum. */
    private static Class<?> classOf(Object payload) {
        return payload instanceof Enum<?> constant ? constant.getDeclaringClass() : payload.getClass();
    }

    private @Nullable T readPayload(JsonNode node) {
        if (isAbsent(node)) {
            return null;
        }
        JsonNode value = node;
        if (node instanceof ObjectNode object) {
            value = object.deepCopy().without(CLASS);
        } else if (node instanceof ArrayNode array
                && array.size() == 2
                && array.get(0).isString()) {
            value = array.get(1);
        }
        return json.treeToValue(value, payloadClass);
    }

    private static @Nullable UriSpec readUriSpec(JsonNode node) {
        if (isAbsent(node)) {
            return null;
        }
        List<UriSpec.Part> parts = new ArrayList<>();
        for (JsonNode part : node.path("parts")) {
            parts.add(new UriSpec.Part(
                    part.path("value").asString(""), part.path("variable").asBoolean(false)));
        }
        return new UriSpec(parts);
    }

    private static @Nullable String text(JsonNode node) {
        return isAbsent(node) ? null : node.asString();
    }

    private static @Nullable Integer number(JsonNode node) {
        return isAbsent(node) ? null : Integer.valueOf(node.asInt());
    }

    private static boolean isAbsent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }
}
