package io.coord.verification.ensemble.faults;

import io.coord.verification.patch.PatchedClasses;
import io.coord.verification.patch.PatchedClasses.Replacement;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Mistakes in what makes a server a member: changes to a copy of one source file. */
enum PlantedMemberBug {
    ANSWERED_BEFORE_COMMITTED(
            "a leader answers what it has appended, whether or not anybody else has it",
            List.of(FaultKind.LEADER_PARTED),
            new Replacement("    private boolean handOverDue;\n", """
                    private boolean handOverDue;
                    private final java.util.Set<Long> answered = new java.util.HashSet<>();
                    """),
            new Replacement("        submissions.add(new Batch.Submission(command, ticket));\n", """
                            submissions.add(new Batch.Submission(command, ticket));
                            if (route.leader() == settings.id()) {
                                answered.add(ticket);
                                mailbox.offer(() -> {
                                    state().onCommitted(command, ticket);
                                    state().onBatchEnd();
                                });
                            }
                    """),
            new Replacement("            state().onCommitted(each.command(), each.ticket());\n        }\n", """
                                if (!answered.remove(each.ticket())) {
                                    state().onCommitted(each.command(), each.ticket());
                                }
                            }
                    """)),
    SYNC_WITHOUT_BARRIER(
            "a sync is answered at once, whatever the others have done meanwhile",
            List.of(FaultKind.LINKS_SLOW, FaultKind.MEMBER_PARTED, FaultKind.MEMBER_STANDS_STILL),
            new Replacement(
                    "public boolean isShared() {\n        return true;",
                    "public boolean isShared() {\n        return false;"));

    private static final String SOURCE =
            "coord-server-ensemble/src/main/java/io/coord/server/ensemble/internal/EnsembleReplicator.java";

    private final String what;

    @SuppressWarnings("ImmutableEnumChecker") // a list that does not change
    private final List<FaultKind> faults;

    @SuppressWarnings("ImmutableEnumChecker") // likewise
    private final List<Replacement> replacements;

    PlantedMemberBug(String what, List<FaultKind> faults, Replacement... replacements) {
        this.what = what;
        this.faults = faults;
        this.replacements = List.of(replacements);
    }

    /** Those that show it soon. */
    List<FaultKind> faults() {
        return faults;
    }

    /** The class path of members that have it. */
    String classPath(Path directory) throws IOException {
        PatchedClasses.write(SOURCE, replacements, directory);
        return directory + System.getProperty("path.separator") + System.getProperty("java.class.path");
    }

    @Override
    public String toString() {
        return name() + ": " + what;
    }
}
