package io.coord.verification.documentation;

import io.coord.client.CoordClient;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What the examples in the Javadoc find around them: each is compiled as the body of a method of a subclass. It stands for
 * the application, and is never run.
 */
public abstract class Surroundings {
    protected final CoordClient client = CoordClient.builder().build();
    protected final ExecutorService executor = Executors.newCachedThreadPool();
    protected final byte[] bytes = {};

    /** An order as an application may have it, with what Java serializers need. */
    public record Order(String id, int pieces) {}

    /** What a service tells of itself. */
    public record Payload(String region, int capacity) {}

    protected abstract void example() throws Exception;

    /** Does something with what was found. */
    protected abstract void use(Object... anything);

    /** Work of the application, on a thread of its own. */
    protected abstract void work();

    /** Ends such work. */
    protected abstract void stopWork();
}
