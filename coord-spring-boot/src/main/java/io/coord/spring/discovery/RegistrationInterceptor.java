package io.coord.spring.discovery;

import io.coord.recipes.discovery.ServiceInstance;

/** Stands around the registration that an application makes of itself when it starts. Called on the thread that starts it. */
public interface RegistrationInterceptor {

    /** Whether the application registers itself; otherwise somebody else does, or nobody. */
    boolean isAutomatic();

    /** Returns what is registered instead of the given instance. */
    ServiceInstance<InstanceDetails> beforeRegistration(ServiceInstance<InstanceDetails> instance);

    /** The registration has begun; it has come about as soon as the servers are in reach. */
    void afterRegistration();
}
