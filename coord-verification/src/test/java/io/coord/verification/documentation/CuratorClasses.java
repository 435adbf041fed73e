package io.coord.verification.documentation;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Pattern;

/** The public top-level classes in Curator's jars on the test's class path. */
final class CuratorClasses {
    private static final String PREFIX = "org/apache/curator/";
    private static final String API = "org.apache.curator.framework.api.";

    /** Where users find nothing that they call: implementations, and copies of other libraries. */
    private static final Pattern INSIDE = Pattern.compile(
            "org\\.apache\\.curator\\.(shaded|framework\\.imps|x\\.discovery\\.details|test\\.compatibility)\\..*");

    private static final Set<String> USED_FROM_INSIDE = Set.of(
            "org.apache.curator.framework.imps.CuratorFrameworkState",
            "org.apache.curator.x.discovery.details.InstanceSerializer",
            "org.apache.curator.x.discovery.details.JsonInstanceSerializer",
            "org.apache.curator.x.discovery.details.InstanceProvider",
            "org.apache.curator.x.discovery.details.ServiceCacheListener",
            "org.apache.curator.framework.imps.DefaultACLProvider",
            "org.apache.curator.framework.imps.GzipCompressionProvider",
            "org.apache.curator.framework.imps.EnsembleTracker");

    private CuratorClasses() {}

    /** Simple names of all public ones, to check what the guide names. */
    static Set<String> all() {
        Set<String> names = new TreeSet<>();
        publicClasses().forEach(each -> names.add(each.getSimpleName()));
        return names;
    }

    /** Simple names of those that the guide must speak of. */
    static Set<String> forUsers() {
        Set<String> names = new TreeSet<>();
        for (Class<?> each : publicClasses()) {
            String name = each.getName();
            boolean isInside = INSIDE.matcher(name).matches() && !USED_FROM_INSIDE.contains(name);
            if (!isInside && !isStageOfABuilder(each)) {
                names.add(each.getSimpleName());
            }
        }
        return names;
    }

    /** Curator's grammar of operations: some ninety interfaces, of which users name only the first of each operation. */
    private static boolean isStageOfABuilder(Class<?> type) {
        String name = type.getName();
        return name.startsWith(API)
                && type.isInterface()
                && !name.endsWith("Builder")
                && !name.startsWith(API + "transaction.")
                && !name.matches(".*(Provider|Listener|Callback|Watcher|Event)");
    }

    private static List<Class<?>> publicClasses() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> Path.of(entry).getFileName().toString().matches("curator-.*\\.jar"))
                .<Class<?>>flatMap(jar -> classesIn(jar).stream())
                .toList();
    }

    private static List<Class<?>> classesIn(String path) {
        try (JarFile jar = new JarFile(path)) {
            return jar.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.startsWith(PREFIX) && name.endsWith(".class") && !name.contains("$"))
                    .filter(name -> !name.contains("/shaded/") && !name.endsWith("-info.class"))
                    .<Class<?>>map(name -> load(
                            name.substring(0, name.length() - ".class".length()).replace('/', '.')))
                    .filter(type -> Modifier.isPublic(type.getModifiers()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, CuratorClasses.class.getClassLoader());
        } catch (ClassNotFoundException | NoClassDefFoundError e) {
            // It extends a class of a library that is not there, so nobody here could use it.
            return NotLoadable.class;
        }
    }

    private static final class NotLoadable {}
}
