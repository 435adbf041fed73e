package io.coord.cli.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine;

/** All commands by name, in the order in which help and documentation show them. Nothing of a command is looked at before it is used. */
public final class CommandTable {
    private static final Map<String, Map<String, Supplier<ShellCommand>>> GROUPS = groups();
    private static final Map<String, String> ALIASES = Map.of("exit", "quit", "?", "help");

    private CommandTable() {}

    private static Map<String, Map<String, Supplier<ShellCommand>>> groups() {
        Map<String, Map<String, Supplier<ShellCommand>>> groups = new LinkedHashMap<>();
        Map<String, Supplier<ShellCommand>> znodes = group(groups, "Znodes");
        znodes.put("ls", Ls::new);
        znodes.put("get", Get::new);
        znodes.put("stat", StatCommand::new);
        znodes.put("create", Create::new);
        znodes.put("set", SetData::new);
        znodes.put("delete", Delete::new);
        znodes.put("deleteall", DeleteAll::new);
        znodes.put("getAllChildrenNumber", GetAllChildrenNumber::new);
        znodes.put("getEphemerals", GetEphemerals::new);
        znodes.put("sync", Sync::new);
        znodes.put("tree", Tree::new);
        znodes.put("du", Du::new);
        Map<String, Supplier<ShellCommand>> recipes = group(groups, "Locks, leaders, services");
        recipes.put("locks", Locks::new);
        recipes.put("leaders", Leaders::new);
        recipes.put("services", Services::new);
        Map<String, Supplier<ShellCommand>> rights = group(groups, "Rights");
        rights.put("addauth", AddAuth::new);
        rights.put("whoami", WhoAmI::new);
        rights.put("getAcl", GetAcl::new);
        rights.put("setAcl", SetAcl::new);
        Map<String, Supplier<ShellCommand>> watches = group(groups, "Watches");
        watches.put("watch", WatchCommand::new);
        watches.put("addWatch", AddWatch::new);
        watches.put("removewatches", RemoveWatches::new);
        watches.put("printwatches", PrintWatches::new);
        Map<String, Supplier<ShellCommand>> quotas = group(groups, "Quotas");
        quotas.put("setquota", SetQuota::new);
        quotas.put("listquota", ListQuota::new);
        quotas.put("delquota", DelQuota::new);
        Map<String, Supplier<ShellCommand>> ensemble = group(groups, "Servers");
        ensemble.put("status", Status::new);
        ensemble.put("config", Config::new);
        ensemble.put("reconfig", Reconfig::new);
        Map<String, Supplier<ShellCommand>> trees = group(groups, "Trees in and out");
        trees.put("copy", Copy::new);
        trees.put("export", Export::new);
        trees.put("import", Import::new);
        Map<String, Supplier<ShellCommand>> files = group(groups, "A server's files");
        files.put("log", Log::new);
        files.put("backup", Backup::new);
        files.put("restore", Restore::new);
        Map<String, Supplier<ShellCommand>> shell = group(groups, "The shell itself");
        shell.put("connect", Connect::new);
        shell.put("close", Close::new);
        shell.put("history", History::new);
        shell.put("redo", Redo::new);
        shell.put("version", VersionCommand::new);
        shell.put("help", HelpCommand::new);
        shell.put("quit", Quit::new);
        return groups;
    }

    private static Map<String, Supplier<ShellCommand>> group(
            Map<String, Map<String, Supplier<ShellCommand>>> groups, String name) {
        return groups.computeIfAbsent(name, any -> new LinkedHashMap<>());
    }

    /** The headings under which commands stand. */
    public static Set<String> groupNames() {
        return GROUPS.keySet();
    }

    public static Set<String> names(String group) {
        return Objects.requireNonNull(GROUPS.get(group), group).keySet();
    }

    /** All commands. */
    public static List<String> names() {
        return GROUPS.values().stream().flatMap(each -> each.keySet().stream()).toList();
    }

    /** A new command; empty when there is none of this name. */
    static Optional<ShellCommand> command(String name) {
        String asked = ALIASES.getOrDefault(name, name);
        for (Map<String, Supplier<ShellCommand>> group : GROUPS.values()) {
            Supplier<ShellCommand> command = group.get(asked);
            if (command != null) {
                return Optional.of(command.get());
            }
        }
        return Optional.empty();
    }

    /** What picocli knows about a command; empty when there is none of this name. */
    public static Optional<CommandLine> describe(String name) {
        return command(name).map(CommandTable::describe);
    }

    static CommandLine describe(ShellCommand command) {
        CommandLine line = new CommandLine(command);
        line.setExpandAtFiles(false);
        line.setInterpolateVariables(false);
        line.setUsageHelpWidth(100);
        return line;
    }
}
