package io.coord.spring.leader;

import io.coord.recipes.leader.Leadership;
import io.coord.spring.method.AnnotatedMethods;
import io.coord.spring.method.AttributeReader;
import io.coord.spring.method.BeanMethod;
import io.coord.spring.method.ListenerRegistrar;
import java.lang.reflect.Method;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.StringValueResolver;

/**
 * Finds the methods of beans that carry {@link OnLeader} or {@link OnFollower}, checks them and has them told. Runs on the threads that
 * make beans.
 */
public final class RoleListenerRegistrar extends ListenerRegistrar<RoleListenerRegistrar.Declared> {

    private final Supplier<LeaderRoles> roles;

    /**
     * The roles that one method wants to be told of.
     *
     * @param lead null when it is not told that a leadership has begun
     * @param follow null when it is not told that one is over
     */
    record Declared(@Nullable String lead, @Nullable String follow) {}

    /**
     * @param placeholders replaces placeholders in annotations; throws IllegalArgumentException for one that has no value
     * @param roles asked when the first such bean is made, not before
     */
    public RoleListenerRegistrar(StringValueResolver placeholders, BeanFactory beans, Supplier<LeaderRoles> roles) {
        super(methods(LeaderMethods.attributes(placeholders)), InvalidLeaderAnnotationException::new, beans);
        this.roles = roles;
    }

    private static AnnotatedMethods<Declared> methods(AttributeReader attributes) {
        return new AnnotatedMethods<>(
                Set.of(OnLeader.class, OnFollower.class), (method, type) -> read(method, attributes));
    }

    private static @Nullable Declared read(Method method, AttributeReader attributes) {
        OnLeader lead = AnnotatedElementUtils.findMergedAnnotation(method, OnLeader.class);
        OnFollower follow = AnnotatedElementUtils.findMergedAnnotation(method, OnFollower.class);
        if (lead == null && follow == null) {
            return null;
        }
        Class<?>[] parameters = method.getParameterTypes();
        if (parameters.length > 1 || (parameters.length == 1 && parameters[0] != Leadership.class)) {
            throw new InvalidLeaderAnnotationException(
                    method,
                    "it has parameters that " + (lead != null ? "@OnLeader" : "@OnFollower") + " does not know",
                    "Take no parameter, or one of type " + Leadership.class.getName() + ".");
        }
        return new Declared(
                lead == null ? null : LeaderMethods.role(method, lead.role(), attributes),
                follow == null ? null : LeaderMethods.role(method, follow.role(), attributes));
    }

    @Override
    protected void register(Declared declared, BeanMethod method) {
        if (declared.lead() != null) {
            roles.get().candidate(declared.lead()).add(new RoleListener(method, true));
        }
        if (declared.follow() != null) {
            roles.get().candidate(declared.follow()).add(new RoleListener(method, false));
        }
    }
}
