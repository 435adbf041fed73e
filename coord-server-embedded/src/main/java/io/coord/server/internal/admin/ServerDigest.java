package io.coord.server.internal.admin;

import io.coord.server.internal.runtime.OwnerQuestions;
import io.coord.server.internal.state.StateReview;
import java.util.function.Supplier;

/** A digest of everything that is replicated, at one zxid. */
record ServerDigest(long zxid, long value) {
    /** Some milliseconds of the owner thread's. */
    private static final int SLICE = 1_000;

    /**
     * Put together while the server goes on with its work.
     *
     * @param begin runs on the owner thread
     * @throws Waiting.NoAnswerException when the owner thread does not answer
     */
    static ServerDigest of(OwnerQuestions owner, Supplier<StateReview> begin) {
        StateReview review = Waiting.await(owner.ask(begin));
        try {
            boolean goesOn = true;
            while (goesOn) {
                goesOn = Waiting.await(owner.ask(() -> review.next(SLICE)));
            }
            return Waiting.await(owner.ask(() -> new ServerDigest(review.zxid(), review.digest())));
        } finally {
            owner.tell(review::end);
        }
    }
}
