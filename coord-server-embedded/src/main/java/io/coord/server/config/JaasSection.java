package io.coord.server.config;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.URIParameter;
import java.util.Map;
import java.util.TreeMap;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * The users of SASL as ZooKeeper has them: options {@code user_<name>="<password>"} of the section {@code Server} in the file that
 * the JVM flag {@code java.security.auth.login.config} names. The JDK reads the file; nothing in it is run.
 */
final class JaasSection {
    static final String FLAG = "java.security.auth.login.config";
    private static final String USER = "user_";

    private JaasSection() {}

    /**
     * @param section its name, ZooKeeper's {@code zookeeper.sasl.serverconfig}
     * @return passwords by names; none when the file has no such section, or one of another kind
     */
    static Map<String, String> users(Path file, String section) {
        if (!Files.isRegularFile(file)) {
            throw new InvalidConfigException("JVM flag -D" + FLAG + ": there is no file " + file);
        }
        Map<String, String> users = new TreeMap<>();
        URI uri = file.toUri();
        try {
            AppConfigurationEntry @Nullable [] entries = Configuration.getInstance(
                            "JavaLoginConfig", new URIParameter(uri))
                    .getAppConfigurationEntry(section);
            if (entries != null) {
                for (AppConfigurationEntry entry : entries) {
                    entry.getOptions().forEach((option, value) -> {
                        if (option.startsWith(USER)) {
                            users.put(option.substring(USER.length()), String.valueOf(value));
                        }
                    });
                }
            }
        } catch (GeneralSecurityException e) {
            throw new InvalidConfigException(
                    "JVM flag -D" + FLAG + ": " + file + " is no file of JAAS: " + reason(e), e);
        }
        return users;
    }

    private static @Nullable String reason(Throwable failure) {
        return failure.getCause() == null
                ? failure.getMessage()
                : failure.getCause().getMessage();
    }
}
