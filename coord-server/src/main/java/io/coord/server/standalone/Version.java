package io.coord.server.standalone;

import org.jspecify.annotations.Nullable;

/** Which release this is: from the jar, so unknown where there is none. */
final class Version {
    private Version() {}

    static String coord() {
        @Nullable String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }
}
