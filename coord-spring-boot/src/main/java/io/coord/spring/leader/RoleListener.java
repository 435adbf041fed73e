package io.coord.spring.leader;

import io.coord.recipes.leader.Leadership;
import io.coord.spring.method.BeanMethod;
import io.coord.spring.method.MethodNames;

/**
 * A method of a bean that is told of a role.
 *
 * @param ofLeader whether it is told of the beginning, not of the end
 */
record RoleListener(BeanMethod method, boolean ofLeader) {

    void tell(String role, Leadership leadership, RoleObserver observer) {
        RoleObserver.Running running =
                observer.onCall(new RoleCall(role, ofLeader, leadership, MethodNames.describe(method.method())));
        running.end(method.method().getParameterCount() == 0 ? method.call() : method.call(leadership));
    }
}
