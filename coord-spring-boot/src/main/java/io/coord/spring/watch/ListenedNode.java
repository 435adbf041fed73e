package io.coord.spring.watch;

import io.coord.protocol.data.InvalidPathException;
import io.coord.protocol.data.ZnodePath;
import io.coord.spring.method.AttributeReader;
import java.lang.reflect.Method;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * What {@link NodeListener} on one method says, checked and with its placeholders replaced.
 *
 * @param value type of the values that the method takes; null when it takes nothing
 * @param wantsChange whether it takes a {@link NodeChange} of them
 */
record ListenedNode(
        String path,
        int depth,
        Set<NodeChange.Type> types,
        @Nullable ResolvableType value,
        boolean wantsChange) {

    static @Nullable ListenedNode read(Method method, AttributeReader attributes) {
        NodeListener declared = AnnotatedElementUtils.findMergedAnnotation(method, NodeListener.class);
        if (declared == null) {
            return null;
        }
        if (declared.depth() < 0) {
            throw new InvalidNodeListenerException(
                    method,
                    "its depth is " + declared.depth(),
                    "Use 0 for the node alone, 1 for its children, too, or NodeListener.ALL_LEVELS.");
        }
        Set<NodeChange.Type> types = EnumSet.noneOf(NodeChange.Type.class);
        types.addAll(List.of(declared.types()));
        if (types.isEmpty()) {
            throw new InvalidNodeListenerException(
                    method, "its types are empty, so that it would never be called", "Leave types out, or name one.");
        }
        if (method.getParameterCount() > 1) {
            throw new InvalidNodeListenerException(
                    method,
                    "it has " + method.getParameterCount() + " parameters",
                    "Take no parameter, the value of the node, or a NodeChange, which tells its path, too.");
        }
        ResolvableType value = null;
        boolean wantsChange = false;
        if (method.getParameterCount() == 1) {
            ResolvableType parameter = ResolvableType.forMethodParameter(new MethodParameter(method, 0));
            wantsChange = parameter.resolve() == NodeChange.class;
            value = wantsChange ? parameter.getGeneric() : parameter;
            if (!wantsChange) {
                requireValue(method, parameter, types);
            }
        }
        return new ListenedNode(path(method, declared.path(), attributes), declared.depth(), types, value, wantsChange);
    }

    private static void requireValue(Method method, ResolvableType parameter, Set<NodeChange.Type> types) {
        if (types.equals(Set.of(NodeChange.Type.DELETED))) {
            throw new InvalidNodeListenerException(
                    method,
                    "it takes the value of a node, and is told only when there is none any more",
                    "Take a NodeChange, which has the previous value.");
        }
        if (parameter.toClass().isPrimitive()) {
            throw new InvalidNodeListenerException(
                    method,
                    "it takes the primitive type " + parameter + ", and a node may have no value",
                    "Take the class for it, or a NodeChange.");
        }
    }

    private static String path(Method method, String declared, AttributeReader attributes) {
        String path = attributes.text(method, "path", declared);
        if (path.isEmpty()) {
            throw new InvalidNodeListenerException(
                    method, "it names no path", "Name the node, such as @NodeListener(\"/shop/prices\").");
        }
        try {
            return ZnodePath.validate(path);
        } catch (InvalidPathException e) {
            throw new InvalidNodeListenerException(
                    method,
                    "'" + path + "' is no path: " + e.getMessage(),
                    "Use a path that begins with a slash, such as '/shop/prices'.");
        }
    }
}
