package io.coord.server.internal.pipeline;

import io.coord.server.internal.auth.Authentication;
import io.coord.server.internal.auth.AuthenticationRules;
import io.coord.server.internal.replication.Command;

/**
 * What a server is set to do about requests.
 *
 * @param writes by which writes are judged
 * @param reconfigEnabled whether clients may change the members of the ensemble
 * @param leastVoters as many members with a vote they must leave
 */
public record RequestRules(
        Authentication authentication, Command.Rules writes, boolean reconfigEnabled, int leastVoters) {
    /** As a ZooKeeper is without any settings. */
    public static final RequestRules DEFAULT =
            new RequestRules(new Authentication(AuthenticationRules.DEFAULT), Command.Rules.QUOTAS_TOLD, false, 2);
}
