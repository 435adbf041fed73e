package io.coord.spring.autoconfigure;

import java.util.Arrays;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.Assert;

/** {@link ConditionalOnCoordMode}. Evaluated late, because the connection details of the application are beans. */
final class OnCoordModeCondition extends SpringBootCondition implements ConfigurationCondition {

    @Override
    public ConfigurationPhase getConfigurationPhase() {
        return ConfigurationPhase.REGISTER_BEAN;
    }

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        CoordMode[] wanted = metadata.getAnnotations()
                .get(ConditionalOnCoordMode.class)
                .getValue("value", CoordMode[].class)
                .orElseThrow();
        var beans = context.getBeanFactory();
        Assert.state(beans != null, "needs the beans that are there");
        SelectedMode selected = SelectedMode.of(context.getEnvironment(), beans);
        ConditionMessage.Builder message = ConditionMessage.forCondition(ConditionalOnCoordMode.class);
        return new ConditionOutcome(
                Arrays.asList(wanted).contains(selected.mode()),
                message.because("the servers are " + selected.mode() + " because " + selected.reason()));
    }
}
