package io.coord.recipes.discovery;

/**
 * Told how the instances of a {@link ServiceDirectory} change. Called on a callback thread of the client, never two calls of
 * one registration at once, in the order of the changes. It must not make blocking calls of the client.
 *
 * <pre>{@code
 * ServiceDirectory<Payload> directory =
 *         ServiceDirectory.ofService(client, "/services", "shop", InstanceSerializer.of(Payload.class));
 * directory.addListener(new ServiceListener<>() {
 *     @Override
 *     public void onAdded(ServiceInstance<Payload> instance) {
 *         use("new", instance.id());
 *     }
 *
 *     @Override
 *     public void onRemoved(ServiceInstance<Payload> instance) {
 *         use("gone", instance.id());
 *     }
 * });
 * directory.start();
 * }</pre>
 *
 * @param <T> the payload
 */
public interface ServiceListener<T> {
    void onAdded(ServiceInstance<T> instance);

    void onRemoved(ServiceInstance<T> instance);

    /** It registered again or has other data. */
    default void onUpdated(ServiceInstance<T> before, ServiceInstance<T> after) {}

    /** After an absence the directory is complete again; all that changed meanwhile has been told. */
    default void onResynced() {}
}
