package io.coord.server.internal.pipeline;

import io.coord.server.internal.auth.Authentication;
import io.coord.server.internal.auth.AuthenticationRules;
import io.coord.server.internal.replication.Command;

/**
 * What a server is set to do about requests.
 *
 * @param writes by which writes are judged
 * @param reconfigEnabled which of two errors answers a reconfig: that it is disabled, or that there is no ensemble
 */
public record RequestRules(Authentication authentication, Command.Rules writes, boolean reconfigEnabled) {
    /** As a ZooKeeper is without any settings. */
    public static final RequestRules DEFAULT =
            new RequestRules(new Authentication(AuthenticationRules.DEFAULT), Command.Rules.QUOTAS_TOLD, false);
}
