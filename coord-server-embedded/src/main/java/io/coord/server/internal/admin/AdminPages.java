package io.coord.server.internal.admin;

import org.jspecify.annotations.Nullable;

/** What the admin server offers, by path. */
final class AdminPages implements HttpPage.Directory {
    static final String METRICS = "/metrics";

    private final String commandPath;
    private final String belowCommands;
    private final CommandPages commands;
    private final HealthPages health;
    private final HttpPage metrics;

    AdminPages(String commandPath, CommandPages commands, HealthPages health, HttpPage metrics) {
        this.commandPath = commandPath;
        this.belowCommands = commandPath + '/';
        this.commands = commands;
        this.health = health;
        this.metrics = metrics;
    }

    @Override
    public @Nullable HttpPage apply(String path) {
        if (path.equals("/health/live")) {
            return health::live;
        }
        if (path.equals("/health/ready") || path.equals("/health")) {
            return health::ready;
        }
        if (path.equals(METRICS)) {
            return metrics;
        }
        if (path.equals(commandPath) || path.equals(belowCommands)) {
            return commands::list;
        }
        return path.startsWith(belowCommands)
                ? query -> commands.run(path.substring(belowCommands.length()), query)
                : null;
    }
}
