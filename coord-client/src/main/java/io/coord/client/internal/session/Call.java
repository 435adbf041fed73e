package io.coord.client.internal.session;

import io.coord.client.error.CoordException;
import io.coord.client.internal.watch.WatchArming;
import io.coord.protocol.request.Request;
import io.coord.protocol.response.Response;
import org.jspecify.annotations.Nullable;

/**
 * One request from its submission to its outcome, however many connections that takes. Made by the caller's thread, owned
 * by the network thread from {@link SessionLoop#submit} on. Exactly one of the three {@code on…} methods is called, once,
 * on the network thread; they must not block or run user code.
 *
 * <p>It is its own link in the lists it stands in, so that a request costs no further objects.
 */
public abstract class Call {
    final String operation;
    final @Nullable String path;
    final Request request;
    final Repeat repeat;
    final long startNs;
    final long deadlineNs;

    /** The watch to register when the answer says that the server has armed it. */
    @Nullable
    WatchArming arming;
    /** Whether the limit of pending calls does not count for it. */
    boolean background;

    /** What the client's metrics want to find again when it is over. */
    @Nullable
    Object observed;

    int xid;
    long sentNs;
    /** Of the frame that was written last. */
    int requestBytes;
    /** The server's answer; 0 when it did it or did not answer. */
    int error;
    /** Written to some connection at least once. */
    boolean written;
    /** Written more than once. */
    boolean repeated;
    /** Written to the present connection, and its answer is still to come. */
    boolean inFlight;
    /** The outcome is told; only its place in the order of replies is still needed. */
    boolean done;

    @Nullable
    Call next;

    @Nullable
    Call previous;

    @Nullable
    Call nextInBucket;

    @Nullable
    Call previousInBucket;

    int bucket = DeadlineWheel.NO_BUCKET;

    /**
     * @param path as the caller gave it, for messages
     * @param deadlineNs on the clock of {@code System.nanoTime}; {@link Long#MAX_VALUE} for none
     */
    protected Call(
            String operation, @Nullable String path, Request request, Repeat repeat, long startNs, long deadlineNs) {
        this.operation = operation;
        this.path = path;
        this.request = request;
        this.repeat = repeat;
        this.startNs = startNs;
        this.deadlineNs = deadlineNs;
    }

    public final Call arming(@Nullable WatchArming watch) {
        this.arming = watch;
        return this;
    }

    /** Lets it pass the limit of pending calls: nobody is there who could be told, or would try again. */
    public final Call inBackground() {
        this.background = true;
        return this;
    }

    /** Whether an earlier sending of this request may have taken effect. For an answer that came after a repetition. */
    public final boolean wasRepeated() {
        return repeated;
    }

    /** Asked right before the request is written; false drops it without an outcome. */
    protected boolean beforeWrite() {
        return true;
    }

    /** The server did it. */
    protected abstract void onResponse(Response response, long zxid);

    /** The server refused it. */
    protected void onError(int code) {
        onFailure(ServerErrors.of(code, operation, path));
    }

    /** It failed, with all that is to be said in the exception. */
    protected abstract void onFailure(CoordException failure);

    @Override
    public String toString() {
        return operation + ' ' + path;
    }
}
