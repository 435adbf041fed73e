package io.coord.verification.simulation.invariant;

/**
 * One time of being the leader, as the candidate sees it.
 *
 * @param holder its place in the election
 * @param candidate a latch or selector, which leads at most once at a time
 * @param generation counts what one candidate has led
 */
public record Leader(Holder holder, Object candidate, long generation) {
    boolean isCertain() {
        return holder.certain().getAsBoolean();
    }
}
