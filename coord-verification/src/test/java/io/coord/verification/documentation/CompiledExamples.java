package io.coord.verification.documentation;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * The examples of types, compiled all together, each as the body of a method in {@link Surroundings}. Everything of the
 * packages of those types, of {@code protocol.data}, and a few classes of the JDK are imported.
 *
 * @param errors of the compiler, with the name of the type whose example it is
 * @param uses for each type with examples: the names of the types that they mention or whose objects they handle
 */
record CompiledExamples(List<String> errors, Map<String, Set<String>> uses) {
    private static final List<String> FROM_THE_JDK = List.of(
            "java.net.InetAddress",
            "java.nio.charset.StandardCharsets",
            "java.time.Duration",
            "java.time.Instant",
            "java.util.ArrayList",
            "java.util.Arrays",
            "java.util.List",
            "java.util.Map",
            "java.util.Optional",
            "java.util.concurrent.CompletableFuture",
            "java.util.concurrent.CompletionStage",
            "java.util.concurrent.Executor",
            "java.util.concurrent.TimeUnit",
            "java.util.concurrent.atomic.AtomicLong");

    static CompiledExamples of(Collection<DocumentedType> types) {
        Set<String> packages = new LinkedHashSet<>(List.of("io.coord.protocol.data"));
        types.forEach(type -> packages.add(type.packageName()));
        List<Source> sources = new ArrayList<>();
        for (DocumentedType type : types) {
            for (String example : type.examples()) {
                sources.add(new Source(type, sources.size(), packages, example));
            }
        }
        if (sources.isEmpty()) {
            return new CompiledExamples(List.of(), Map.of());
        }
        return compile(sources);
    }

    private static CompiledExamples compile(List<Source> sources) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        List<String> options = List.of("-proc:none", "-cp", System.getProperty("java.class.path"));
        JavacTask task = (JavacTask) compiler.getTask(null, null, problems, options, null, sources);
        // The compiler wraps the objects that it is given.
        Map<URI, Source> byUri = new LinkedHashMap<>();
        sources.forEach(source -> byUri.put(source.toUri(), source));
        Map<String, Set<String>> uses = new LinkedHashMap<>();
        try {
            Iterable<? extends CompilationUnitTree> units = task.parse();
            task.analyze();
            for (CompilationUnitTree unit : units) {
                Source source = byUri.get(unit.getSourceFile().toUri());
                uses.computeIfAbsent(source.type.name(), name -> new TreeSet<>())
                        .addAll(typesIn(unit, Trees.instance(task)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> errors = problems.getDiagnostics().stream()
                .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
                .map(problem -> describe(byUri.get(problem.getSource().toUri()), problem))
                .toList();
        return new CompiledExamples(errors, uses);
    }

    private static String describe(Source source, Diagnostic<? extends JavaFileObject> problem) {
        String line = source.line(problem.getLineNumber());
        return source.type.name() + ": " + problem.getMessage(null) + "\n    " + line.strip();
    }

    private static Set<String> typesIn(CompilationUnitTree unit, Trees trees) {
        Set<String> names = new TreeSet<>();
        new TreePathScanner<Void, Void>() {
            @Override
            public @Nullable Void scan(@Nullable Tree tree, Void nothing) {
                super.scan(tree, null);
                if (tree != null && !(tree instanceof ImportTree) && getCurrentPath() != null) {
                    look(trees, new TreePath(getCurrentPath(), tree));
                }
                return null;
            }

            private void look(Trees from, TreePath path) {
                add(from.getTypeMirror(path));
                for (Element each = from.getElement(path); each != null; each = each.getEnclosingElement()) {
                    add(each);
                }
            }

            private void add(@Nullable TypeMirror type) {
                if (type instanceof DeclaredType declared) {
                    add(declared.asElement());
                    declared.getTypeArguments().forEach(this::add);
                }
            }

            private void add(Element element) {
                if (element instanceof TypeElement type) {
                    names.add(type.getQualifiedName().toString());
                }
            }

            /** Imports mention types that the example does not. */
            @Override
            public @Nullable Void visitImport(ImportTree imported, Void nothing) {
                return null;
            }
        }.scan(unit, null);
        return names;
    }

    /** One example as a source file. */
    private static final class Source extends SimpleJavaFileObject {
        private final DocumentedType type;
        private final String text;

        Source(DocumentedType type, int number, Collection<String> packages, String example) {
            super(URI.create("string:///examples/Example" + number + ".java"), Kind.SOURCE);
            this.type = type;
            StringBuilder source = new StringBuilder("package examples;\n");
            packages.forEach(name -> source.append("import ").append(name).append(".*;\n"));
            FROM_THE_JDK.forEach(name -> source.append("import ").append(name).append(";\n"));
            source.append("import ").append(type.name()).append(";\n");
            source.append("abstract class Example" + number + " extends ")
                    .append(Surroundings.class.getName())
                    .append(" {\nprotected void example() throws Exception {\n")
                    .append(example)
                    .append("\n}\n}\n");
            this.text = source.toString();
        }

        String line(long number) {
            return text.lines().skip(number - 1).findFirst().orElse("");
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
