package io.coord.verification.simulation;

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
import java.util.function.LongFunction;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The project's classes once more, one source file of them changed: compiled in memory, loaded by a loader of their own. So
 * a bug can be planted in main code without a trace of it there.
 */
final class PatchedWorld {
    /** One piece of text for another. The piece must be there, or the bug is not planted any more. */
    record Replacement(String from, String to) {}

    private PatchedWorld() {}

    static LongFunction<String> of(String source, List<Replacement> replacements) throws IOException {
        Path file = Path.of("..").resolve(source);
        String text = Files.readString(file);
        for (Replacement each : replacements) {
            if (!text.contains(each.from())) {
                throw new AssertionError(source + " has changed, so this bug is not planted any more: there is no \""
                        + each.from() + "\" in it");
            }
            text = text.replace(each.from(), each.to());
        }
        Map<String, byte[]> patched = compile(file.getFileName().toString(), text);
        try {
            return newRun(new PatchedLoader(patched));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the patched classes cannot be used", e);
        }
    }

    @SuppressWarnings("unchecked")
    private static LongFunction<String> newRun(ClassLoader loader) throws ReflectiveOperationException {
        return (LongFunction<String>) loader.loadClass(PatchedRun.class.getName())
                .getDeclaredConstructor()
                .newInstance();
    }

    private static Map<String, byte[]> compile(String name, String text) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Map<String, ByteArrayOutputStream> compiled = new HashMap<>();
        StringWriter problems = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            JavaFileManager inMemory = new ForwardingJavaFileManager<>(files) {
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
            };
            JavaFileObject source =
                    new SimpleJavaFileObject(URI.create("memory:///" + name), JavaFileObject.Kind.SOURCE) {
                        @Override
                        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                            return text;
                        }
                    };
            List<String> options =
                    List.of("-proc:none", "-nowarn", "-classpath", System.getProperty("java.class.path"));
            if (!compiler.getTask(problems, inMemory, null, options, null, List.of(source))
                    .call()) {
                throw new AssertionError("the patch does not compile: " + problems);
            }
        }
        Map<String, byte[]> classes = new HashMap<>();
        compiled.forEach((type, bytes) -> classes.put(type, bytes.toByteArray()));
        return classes;
    }

    /** The project's classes anew, the patched ones in their place; everything else as it is. */
    private static final class PatchedLoader extends ClassLoader {
        private final Map<String, byte[]> patched;

        PatchedLoader(Map<String, byte[]> patched) {
            super(PatchedWorld.class.getClassLoader());
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
