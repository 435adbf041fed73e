package io.coord.verification.documentation;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** Reads the project's sources as the compiler does, without compiling them. */
final class JavaSources {
    private static final Pattern EXAMPLE = Pattern.compile("<pre>\\{@code\\s*?\\n(.*?)\\n\\s*}</pre>", Pattern.DOTALL);
    private static final Pattern ELSEWHERE = Pattern.compile("Example: \\{@link ([\\w.]+)}");

    private JavaSources() {}

    /** The project's folder; tests run in that of their module. */
    static Path project() {
        return Path.of("..").toAbsolutePath().normalize();
    }

    /** All Java files below a folder of the project. */
    static List<Path> below(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The public top-level types of a module's main sources, but for its {@code internal} packages. */
    static List<DocumentedType> publicTypesOf(String module) {
        List<Path> files = below(project().resolve(module).resolve("src/main/java")).stream()
                .filter(file -> !file.toString().contains("/internal/"))
                .toList();
        List<DocumentedType> types = new ArrayList<>();
        parse(files, (unit, trees) -> {
            for (Tree declaration : unit.getTypeDecls()) {
                if (declaration instanceof ClassTree type && isPublic(type, null)) {
                    types.add(documented(unit, trees, type));
                }
            }
        });
        return types;
    }

    private static DocumentedType documented(CompilationUnitTree unit, DocTrees trees, ClassTree type) {
        String name = unit.getPackageName() + "." + type.getSimpleName();
        List<String> nested = new ArrayList<>();
        List<String> examples = new ArrayList<>();
        new TreePathScanner<Void, Void>() {
            @Override
            public Void visitClass(ClassTree each, Void nothing) {
                collectExamples();
                TreePath outer = getCurrentPath().getParentPath();
                if (outer.getLeaf() instanceof ClassTree around && isPublic(each, around)) {
                    nested.add(name + "." + each.getSimpleName());
                }
                return super.visitClass(each, null);
            }

            @Override
            public Void visitMethod(MethodTree method, Void nothing) {
                collectExamples();
                return super.visitMethod(method, null);
            }

            private void collectExamples() {
                examples.addAll(matches(EXAMPLE, trees.getDocComment(getCurrentPath())));
            }
        }.scan(unit, null);
        Set<String> elsewhere =
                new LinkedHashSet<>(matches(ELSEWHERE, trees.getDocComment(TreePath.getPath(unit, (Tree) type))));
        return new DocumentedType(name, nested, examples, elsewhere);
    }

    /** Members of interfaces are public without saying so. */
    private static boolean isPublic(ClassTree type, @Nullable ClassTree around) {
        return type.getModifiers().getFlags().contains(Modifier.PUBLIC)
                || (around != null && around.getKind() == Tree.Kind.INTERFACE);
    }

    private static List<String> matches(Pattern pattern, @Nullable String comment) {
        List<String> found = new ArrayList<>();
        if (comment != null) {
            Matcher matcher = pattern.matcher(comment);
            while (matcher.find()) {
                found.add(matcher.group(1));
            }
        }
        return found;
    }

    /** Hands each file's syntax to a visitor. */
    static void parse(List<Path> files, Visitor visitor) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(files));
            DocTrees trees = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                visitor.visit(unit, trees);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Looks at one file. */
    @FunctionalInterface
    interface Visitor {
        void visit(CompilationUnitTree unit, DocTrees trees);
    }
}
