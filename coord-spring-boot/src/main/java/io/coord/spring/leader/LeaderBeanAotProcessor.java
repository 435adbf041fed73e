package io.coord.spring.leader;

import io.coord.spring.method.InvokedMethodsAotProcessor;
import java.util.Set;

/** Keeps in a native image the methods that are told of roles or wait for them. */
final class LeaderBeanAotProcessor extends InvokedMethodsAotProcessor {

    LeaderBeanAotProcessor() {
        super(Set.of(LeaderOnly.class, OnLeader.class, OnFollower.class));
    }
}
