package io.coord.spring.leader;

import io.coord.recipes.leader.Leadership;

/**
 * A call of a method that is told of a role.
 *
 * @param granted whether it is told that this application leads, not that it does not any more
 * @param leadership that has begun or is over
 * @param method as people write it
 */
public record RoleCall(String role, boolean granted, Leadership leadership, String method) {}
