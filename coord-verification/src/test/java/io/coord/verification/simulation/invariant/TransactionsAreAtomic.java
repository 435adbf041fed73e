package io.coord.verification.simulation.invariant;

import io.coord.server.internal.state.CoordStateMachine;
import io.coord.server.internal.tree.Znode;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** G6: money moves between accounts in transactions, many of which fail half way. */
public final class TransactionsAreAtomic extends Invariant {
    public static final List<String> ACCOUNTS = List.of("/bank/a", "/bank/b", "/bank/c");
    public static final int MONEY = 300;

    private final History history;

    TransactionsAreAtomic(History history) {
        super("no server is ever in a state between the operations of a transaction");
        this.history = history;
    }

    /** The amount; behind it stands what makes each write another one. */
    public static int amount(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        return Integer.parseInt(text.substring(0, text.indexOf(' ')));
    }

    @Override
    protected void onApplied(Commit commit) {
        checkSum(history.reference(), "history");
    }

    @Override
    protected void onReplica(int server, long position, CoordStateMachine state) {
        checkSum(state, "server " + server);
    }

    private void checkSum(CoordStateMachine state, String where) {
        int sum = 0;
        for (String each : ACCOUNTS) {
            Znode account = state.tree().get(each);
            byte[] data = account == null ? null : account.data();
            if (data == null) {
                return;
            }
            sum += amount(data);
        }
        require(sum == MONEY, "%s has %d instead of %d at zxid 0x%x", where, sum, MONEY, state.lastZxid());
    }
}
