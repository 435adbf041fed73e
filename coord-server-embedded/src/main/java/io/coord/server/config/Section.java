package io.coord.server.config;

import io.coord.server.EmbeddedServer;

/** The keys of one subject, as far as a configuration has them. */
interface Section {
    /** Notes a setting whose key is one of this subject's; false for any other. */
    boolean take(Setting setting);

    /**
     * Sets what was noted, once all settings were.
     *
     * @throws InvalidConfigException naming the setting that is wrong
     */
    void apply(EmbeddedServer.Builder builder);
}
