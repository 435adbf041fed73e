package io.coord.recipes.discovery;

/**
 * How long an instance's znode lives; the names are those of Curator's JSON.
 *
 * <p>Example: {@link ServiceInstance}.
 */
public enum ServiceType {
    /** As long as the session of the client that registered it. */
    DYNAMIC,
    /** Until it is unregistered, by {@link ServiceRegistration#close()} too. */
    STATIC,
    /** Until it is unregistered on purpose; closing the registration leaves it. */
    PERMANENT,
    /** As DYNAMIC, with a number behind the instance's id. Understood in directories, not offered for registration. */
    DYNAMIC_SEQUENTIAL
}
