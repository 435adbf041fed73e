package io.coord.spring.leader;

import io.coord.recipes.leader.Leadership;
import io.coord.spring.method.BeanMethod;

/**
 * A method of a bean that is told of a role.
 *
 * @param ofLeader whether it is told of the beginning, not of the end
 */
record RoleListener(BeanMethod method, boolean ofLeader) {

    void tell(Leadership leadership) {
        if (method.method().getParameterCount() == 0) {
            method.call();
        } else {
            method.call(leadership);
        }
    }
}
