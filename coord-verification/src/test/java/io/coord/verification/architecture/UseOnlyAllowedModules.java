package io.coord.verification.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Map;
import java.util.Set;

/** Holds for a class whose every use of this project's classes stays in its module or follows an arrow to public code. */
final class UseOnlyAllowedModules extends ArchCondition<JavaClass> {
    private final Map<String, String> moduleOf;
    private final Map<String, Set<String>> arrows;
    private final Map<String, Set<String>> ports;

    /** @param ports internal packages that a module may use all the same, because it implements what they ask for */
    UseOnlyAllowedModules(
            Map<String, String> moduleOf, Map<String, Set<String>> arrows, Map<String, Set<String>> ports) {
        super("use only the modules that their own module may use");
        this.moduleOf = moduleOf;
        this.arrows = arrows;
        this.ports = ports;
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        String from = moduleOf.get(type.getName());
        for (var dependency : type.getDirectDependenciesFromSelf()) {
            String to = moduleOf.get(
                    dependency.getTargetClass().getBaseComponentType().getName());
            if (to == null || to.equals(from)) {
                continue;
            }
            if (!arrows.getOrDefault(from, Set.of()).contains(to)) {
                events.add(SimpleConditionEvent.violated(
                        type, from + " may not use " + to + ": " + dependency.getDescription()));
            } else if (dependency.getTargetClass().getPackageName().contains(".internal")
                    && !ports.getOrDefault(from, Set.of())
                            .contains(dependency.getTargetClass().getPackageName())) {
                events.add(SimpleConditionEvent.violated(
                        type, from + " may not use what is internal in " + to + ": " + dependency.getDescription()));
            }
        }
    }
}
