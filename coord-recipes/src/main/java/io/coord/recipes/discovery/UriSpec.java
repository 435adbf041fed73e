package io.coord.recipes.discovery;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;

/**
 * A template of an instance's address, {@code {scheme}://{address}:{port}} for instance. Names in braces are replaced:
 * {@code scheme} ({@code https} when there is an SSL port, else {@code http}), {@code name}, {@code id}, {@code address},
 * {@code port}, {@code ssl-port}, {@code registration-time-utc}, {@code service-type}, and {@code [} and <code>]</code> for
 * the braces themselves, as in Curator.
 *
 * <pre>{@code
 * UriSpec template = UriSpec.parse("{scheme}://{address}:{port}/shop");
 * UriSpec.Part scheme = template.parts().get(0);
 * boolean replaced = scheme.variable();
 * String uri = template.build(ServiceInstance.builder("shop").address("10.0.0.3").port(8080).build());
 * }</pre>
 */
public record UriSpec(List<Part> parts) {
    /**
     * A piece of the template.
     *
     * @param variable whether the value is a name to replace, not text
     */
    public record Part(String value, boolean variable) {}

    public UriSpec {
        parts = List.copyOf(parts);
    }

    /** @throws IllegalArgumentException when braces do not match */
    public static UriSpec parse(String template) {
        List<Part> parts = new ArrayList<>();
        boolean inside = false;
        StringTokenizer tokens = new StringTokenizer(template, "{}", true);
        while (tokens.hasMoreTokens()) {
            String token = tokens.nextToken();
            boolean opens = token.equals("{");
            boolean closes = token.equals("}");
            if (opens == inside && (opens || closes)) {
                throw new IllegalArgumentException("braces do not match in " + template);
            }
            if (opens || closes) {
                inside = opens;
            } else {
                parts.add(new Part(inside ? token.trim() : token, inside));
            }
        }
        if (inside) {
            throw new IllegalArgumentException("braces do not match in " + template);
        }
        return new UriSpec(parts);
    }

    /** The address of an instance. Names without a value are left out. */
    public String build(ServiceInstance<?> instance) {
        return build(instance, Map.of());
    }

    /** @param variables go before the names that the instance defines */
    public String build(ServiceInstance<?> instance, Map<String, ?> variables) {
        Map<String, Object> values = new HashMap<>();
        values.put("[", "{");
        values.put("]", "}");
        values.put("scheme", instance.sslPort() == null ? "http" : "https");
        values.put("name", instance.name());
        values.put("id", instance.id());
        values.put("address", orEmpty(instance.address()));
        values.put("port", orEmpty(instance.port()));
        values.put("ssl-port", orEmpty(instance.sslPort()));
        values.put("registration-time-utc", instance.registrationTimeUtc());
        values.put("service-type", instance.serviceType().name().toLowerCase(Locale.ROOT));
        values.putAll(variables);
        StringBuilder uri = new StringBuilder();
        for (Part part : parts) {
            uri.append(part.variable ? orEmpty(values.get(part.value)) : part.value);
        }
        return uri.toString();
    }

    private static Object orEmpty(@Nullable Object value) {
        return value == null ? "" : value;
    }
}
