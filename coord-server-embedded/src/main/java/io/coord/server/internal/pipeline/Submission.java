package io.coord.server.internal.pipeline;

import io.coord.server.internal.state.Effects;

/** A command under way, and who waits for it. Exactly one of the calls comes, unless the server is shut down first. */
interface Submission {
    /** Applied; watchers have been told. */
    void onApplied(Effects effects);

    /** It did not get into the log and never will. */
    void onRefused(String reason);

    /** It may be applied later, or never. */
    void onUnknown(String reason);
}
