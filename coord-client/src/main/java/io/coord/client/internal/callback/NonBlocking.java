package io.coord.client.internal.callback;

/** Marks the threads of a client, on which a blocking call would wait for itself or hold up everything else. */
public interface NonBlocking {
    /**
     * Refuses a blocking call on a thread of the client.
     *
     * @throws IllegalStateException naming the call and the thread; nothing was sent
     */
    static void refuseOnClientThread(String operation) {
        Thread thread = Thread.currentThread();
        if (thread instanceof NonBlocking) {
            throw new IllegalStateException("Blocking call \"" + operation + "\" on thread " + thread.getName()
                    + ": threads of the client must not wait for it. Use the asynchronous ending, or hand the work to a"
                    + " thread of your own.");
        }
    }
}
