package io.coord.server.config;

import io.coord.server.EnsembleTls;
import io.coord.server.config.EnsembleConfig.Member;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Puts together what the settings, the dynamic configuration file and {@code myid} say of the ensemble. */
final class EnsembleReader {
    private static final String SERVER = "server.";
    private static final String GROUP = "group.";
    private static final String WEIGHT = "weight.";
    private static final String NAME = "[A-Za-z0-9._-]{1,100}";
    private static final String VERSION = "version";
    private static final int HEXADECIMAL = 16;

    private final Map<Long, Member> members = new TreeMap<>();
    private final Map<Long, List<Long>> groups = new TreeMap<>();
    private final Map<Long, Long> weights = new TreeMap<>();
    private String name = "coord";
    private boolean observer;
    private int initLimit;
    private int syncLimit;
    private boolean standaloneEnabled = true;
    private boolean reconfigEnabled;
    private boolean listenOnAllAddresses;
    private boolean leaderServes = true;
    private @Nullable Setting dynamicConfigFile;
    private @Nullable Setting firstMember;
    private long version;

    /** Whether the key names a member or its place among the others. */
    static boolean isAboutMembers(String key) {
        return key.startsWith(SERVER) || key.startsWith(GROUP) || key.startsWith(WEIGHT);
    }

    void add(EnsembleKey key, Setting setting) {
        switch (key) {
            case ENSEMBLE_NAME -> name = name(setting);
            case INIT_LIMIT -> initLimit = setting.number(1, Integer.MAX_VALUE, "ticks");
            case SYNC_LIMIT -> syncLimit = setting.number(1, Integer.MAX_VALUE, "ticks");
            case PEER_TYPE -> observer = isObserver(setting);
            case STANDALONE_ENABLED -> standaloneEnabled = setting.trueOrFalse();
            case RECONFIG_ENABLED -> reconfigEnabled = setting.trueOrFalse();
            case DYNAMIC_CONFIG_FILE -> dynamicConfigFile = setting;
            case QUORUM_LISTEN_ON_ALL_IPS -> listenOnAllAddresses = setting.trueOrFalse();
            case LEADER_SERVES -> leaderServes = yesOrNoOrTrueOrFalse(setting);
        }
    }

    /** ZooKeeper's documents say yes and no; its code, and many a file, true and false. */
    private static boolean yesOrNoOrTrueOrFalse(Setting setting) {
        boolean inWords =
                setting.value().equalsIgnoreCase("yes") || setting.value().equalsIgnoreCase("no");
        return inWords ? setting.yesOrNo() : setting.trueOrFalse();
    }

    private static String name(Setting setting) {
        if (!setting.text().matches(NAME)) {
            throw setting.refused("it takes up to 100 letters, digits, dots, dashes and underscores");
        }
        return setting.text();
    }

    private static boolean isObserver(Setting setting) {
        return switch (setting.value().toLowerCase(Locale.ROOT)) {
            case "observer" -> true;
            case "participant" -> false;
            default -> throw setting.refused("it takes participant or observer");
        };
    }

    /** @param setting whose key {@link #isAboutMembers} */
    void addMember(Setting setting) {
        if (firstMember == null) {
            firstMember = setting;
        }
        if (setting.key().startsWith(SERVER)) {
            long id = number(setting, setting.key().substring(SERVER.length()), "the key has a number behind the dot");
            members.put(id, MemberSyntax.parse(id, setting));
        } else if (setting.key().startsWith(GROUP)) {
            List<Long> ids = new ArrayList<>();
            for (String id : setting.text().split(":", -1)) {
                ids.add(number(setting, id, "it takes ids of servers with colons between them"));
            }
            long group =
                    number(setting, setting.key().substring(GROUP.length()), "the key has a number behind the dot");
            groups.put(group, List.copyOf(ids));
        } else {
            weights.put(
                    number(setting, setting.key().substring(WEIGHT.length()), "the key has a number behind the dot"),
                    number(setting, setting.value(), "it takes a whole number, 0 or more"));
        }
    }

    private static long number(Setting setting, String text, String allowed) {
        try {
            long number = Long.parseLong(text.trim());
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw setting.refused(allowed);
        }
        throw setting.refused(allowed);
    }

    /**
     * All that was said.
     *
     * @param dataDir where {@code myid} is, if it is
     * @param tls between members; null for none
     */
    EnsembleConfig read(Path dataDir, @Nullable EnsembleTls tls) {
        if (dynamicConfigFile != null) {
            readDynamicFile(dynamicConfigFile);
        }
        @Nullable Long myId = readMyId(dataDir.resolve("myid"));
        @Nullable Member self = myId == null ? null : members.get(myId);
        return new EnsembleConfig(
                name,
                members,
                myId,
                self == null ? observer : self.observer(),
                initLimit,
                syncLimit,
                standaloneEnabled,
                reconfigEnabled,
                listenOnAllAddresses,
                leaderServes,
                groups,
                weights,
                version,
                tls);
    }

    private void readDynamicFile(Setting setting) {
        if (firstMember != null) {
            throw firstMember.refused(
                    "it belongs into the file that dynamicConfigFile names (" + setting.place() + ")");
        }
        Path file = Path.of(setting.text());
        if (!Files.isRegularFile(file)) {
            throw setting.refused("there is no such file");
        }
        for (Setting each : PropertiesFile.read(file)) {
            if (isAboutMembers(each.key())) {
                addMember(each);
            } else if (!each.key().equals(VERSION)) {
                throw each.refused("a dynamic configuration file has server.N, group.N and weight.N only");
            }
        }
        version = versionOf(file.getFileName().toString());
    }

    /** The end of {@code zoo.cfg.dynamic.100000000}, hexadecimal; 0 without one. */
    private static long versionOf(String fileName) {
        try {
            return Long.parseLong(fileName.substring(fileName.lastIndexOf('.') + 1), HEXADECIMAL);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static @Nullable Long readMyId(Path file) {
        if (!Files.isRegularFile(file)) {
            return null;
        }
        try {
            String text = Files.readString(file).strip();
            return number(new Setting("myid", text, file.toString()), text, "the file holds the number of this server");
        } catch (IOException e) {
            throw new InvalidConfigException(file + " cannot be read: " + e, e);
        }
    }
}
