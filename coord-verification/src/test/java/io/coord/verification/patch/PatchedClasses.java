package io.coord.verification.patch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * The project's classes once more, one source file of them changed: compiled in memory, loaded by a loader of their own. So
 * a bug can be planted in main code without a trace of it there. Not thread-safe.
 */
public final class PatchedClasses {
    /** One piece of text for another. The piece must be there, or the bug is not planted any more. */
    public record Replacement(String from, String to) {}

    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

    /** One for all patches: it knows what is in the jars. Stays open as long as the process. */
    private static final JavaFileManager FILES = COMPILER.getStandardFileManager(null, null, StandardCharsets.UTF_8);

    private PatchedClasses() {}

    /**
     * An object of a class that sees the changed classes; only types of the JDK are the same there as here.
     *
     * @param type is public, with a public constructor without parameters
     * @param as a type of the JDK
     */
    public static <T> T newInstance(String source, List<Replacement> replacements, Class<? extends T> type, Class<T> as)
            throws IOException {
        ClassLoader loader = new PatchedLoader(patched(source, replacements));
        try {
            return as.cast(
                    loader.loadClass(type.getName()).getDeclaredConstructor().newInstance());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the patched classes cannot be used", e);
        }
    }

    /**
     * Writes only the changed classes, for a process whose class path begins with that directory.
     *
     * @param source from the project's root on
     */
    public static void write(String source, List<Replacement> replacements, Path directory) throws IOException {
        for (Map.Entry<String, byte[]> each : patched(source, replacements).entrySet()) {
            Path file = directory.resolve(each.getKey().replace('.', '/') + ".class");
            Files.createDirectories(file.getParent());
            Files.write(file, each.getValue());
        }
    }

    private static Map<String, byte[]> patched(String source, List<Replacement> replacements) throws IOException {
        Path file = Path.of("..").resolve(source);
        String text = Files.readString(file);
        for (Replacement each : replacements) {
            if (!text.contains(each.from())) {
                throw new AssertionError(source + " has changed, so this bug is not planted any more: there is no \""
                        + each.from() + "\" in it");
            }
            text = text.replace(each.from(), each.to());
        }
        return compile(file.getFileName().toString(), text);
    }

    private static Map<String, byte[]> compile(String name, String text) {
        InMemory compiled = new InMemory();
        StringWriter problems = new StringWriter();
        JavaFileObject source = new SimpleJavaFileObject(URI.create("memory:///" + name), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
        List<String> options = List.of("-proc:none", "-nowarn", "-classpath", System.getProperty("java.class.path"));
        if (!COMPILER.getTask(problems, compiled, null, options, null, List.of(source))
                .call()) {
            throw new AssertionError("the patch does not compile: " + problems);
        }
        return compiled.classes();
    }

    /** Keeps what is compiled. */
    private static final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, ByteArrayOutputStream> compiled = new HashMap<>();

        InMemory() {
            super(FILES);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String type, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("memory:///" + type.replace('.', '/')), kind) {
                @Override
                public OutputStream openOutputStream() {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    compiled.put(type, bytes);
                    return bytes;
                }
            };
        }

        Map<String, byte[]> classes() {
            Map<String, byte[]> classes = new HashMap<>();
            compiled.forEach((type, bytes) -> classes.put(type, bytes.toByteArray()));
            return classes;
        }
    }

    /** The project's classes anew, the patched ones in their place; everything else as it is. */
    private static final class PatchedLoader extends ClassLoader {
        private final Map<String, byte[]> patched;

        PatchedLoader(Map<String, byte[]> patched) {
            super(PatchedClasses.class.getClassLoader());
            this.patched = patched;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("io.coord.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                if (loaded != null) {
                    return loaded;
                }
                byte[] bytes = patched.get(name);
                try (InputStream original = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                    if (bytes == null && original != null) {
                        bytes = original.readAllBytes();
                    }
                } catch (IOException e) {
                    throw new ClassNotFoundException(name, e);
                }
                if (bytes == null) {
                    throw new ClassNotFoundException(name);
                }
                return defineClass(name, bytes, 0, bytes.length);
            }
        }
    }
}
