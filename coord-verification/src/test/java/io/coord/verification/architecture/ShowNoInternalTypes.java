package io.coord.verification.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.domain.ThrowsDeclaration;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Holds for a class that lets its users see no type from an {@code internal} package. */
final class ShowNoInternalTypes extends ArchCondition<JavaClass> {

    ShowNoInternalTypes() {
        super("show no internal types in public or protected signatures");
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        if (!visible(type)) {
            return;
        }
        Stream.concat(type.getSuperclass().stream(), type.getInterfaces().stream())
                .flatMap(parent -> parent.getAllInvolvedRawTypes().stream())
                .forEach(used -> report(type, used, type.getDescription(), events));
        for (JavaField field : type.getFields()) {
            if (visible(field)) {
                Set<JavaClass> used = field.getType().getAllInvolvedRawTypes();
                used.forEach(each -> report(type, each, field.getDescription(), events));
            }
        }
        for (JavaCodeUnit codeUnit : type.getCodeUnits()) {
            if (visible(codeUnit)) {
                signature(codeUnit).forEach(each -> report(type, each, codeUnit.getDescription(), events));
            }
        }
    }

    private static Stream<JavaClass> signature(JavaCodeUnit codeUnit) {
        Stream<JavaType> types = Stream.concat(
                Stream.of(codeUnit.getReturnType()),
                Stream.concat(codeUnit.getParameterTypes().stream(), codeUnit.getTypeParameters().stream()));
        return Stream.concat(
                types.flatMap(each -> each.getAllInvolvedRawTypes().stream()),
                codeUnit.getThrowsClause().stream().map(ThrowsDeclaration::getRawType));
    }

    private static void report(JavaClass type, JavaClass used, String where, ConditionEvents events) {
        boolean internal = (used.getPackageName() + ".").contains(".internal.");
        if (internal && used.getPackageName().startsWith("io.coord.")) {
            events.add(SimpleConditionEvent.violated(type, where + " shows " + used.getName()));
        }
    }

    private static boolean visible(JavaMember member) {
        Set<JavaModifier> modifiers = member.getModifiers();
        return !modifiers.contains(JavaModifier.SYNTHETIC)
                && (modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED));
    }

    private static boolean visible(JavaClass type) {
        Optional<JavaClass> enclosing = type.getEnclosingClass();
        boolean open = type.getModifiers().contains(JavaModifier.PUBLIC)
                || type.getModifiers().contains(JavaModifier.PROTECTED);
        return open && enclosing.map(ShowNoInternalTypes::visible).orElse(true);
    }
}
