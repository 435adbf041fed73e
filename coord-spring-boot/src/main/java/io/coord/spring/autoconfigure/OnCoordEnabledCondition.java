package io.coord.spring.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** {@link ConditionalOnCoordEnabled}. */
final class OnCoordEnabledCondition extends SpringBootCondition {

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        String name = metadata.getAnnotations()
                .get(ConditionalOnCoordEnabled.class)
                .getValue("value", String.class)
                .orElseThrow();
        boolean enabled =
                Binder.get(context.getEnvironment()).bind(name, Boolean.class).orElse(true);
        return new ConditionOutcome(
                enabled,
                ConditionMessage.forCondition(ConditionalOnCoordEnabled.class).because(name + " is " + enabled));
    }
}
