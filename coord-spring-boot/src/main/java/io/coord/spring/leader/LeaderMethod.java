package io.coord.spring.leader;

import io.coord.spring.method.MethodNames;
import io.coord.spring.method.ReturnKind;
import java.lang.reflect.Method;

/**
 * What {@link LeaderOnly} on one method says, checked and with its placeholders replaced.
 *
 * @param leadershipParameter the parameter that takes the leadership; -1 when there is none
 */
record LeaderMethod(Method method, String role, Otherwise otherwise, ReturnKind returns, int leadershipParameter) {

    String describe() {
        return MethodNames.describe(method);
    }
}
