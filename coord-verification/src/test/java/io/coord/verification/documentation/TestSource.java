package io.coord.verification.documentation;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import org.jspecify.annotations.Nullable;

/**
 * A class with tests, as its source shows it.
 *
 * @param parent simple name of the class that it extends
 * @param runs whether the build runs it by itself: it can be made, and is not one of the long-running ones
 * @param tests methods that are tests
 * @param names all that it mentions: types, methods, fields
 */
record TestSource(String name, @Nullable String parent, boolean runs, Set<String> tests, Set<String> names) {
    private static final Set<String> TEST_ANNOTATIONS = Set.of("Test", "ParameterizedTest", "RepeatedTest");

    /** Those of all modules, by their simple names. */
    static Map<String, List<TestSource>> ofProject(Path project) {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> modules = Files.list(project)) {
            modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .sorted()
                    .forEach(tests -> files.addAll(JavaSources.below(tests)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, List<TestSource>> classes = new LinkedHashMap<>();
        JavaSources.parse(files, (unit, trees) -> {
            for (Tree declaration : unit.getTypeDecls()) {
                if (declaration instanceof ClassTree type) {
                    TestSource source = of(unit, type);
                    classes.computeIfAbsent(source.name, name -> new ArrayList<>())
                            .add(source);
                }
            }
        });
        return classes;
    }

    private static TestSource of(CompilationUnitTree unit, ClassTree type) {
        Set<String> tests = new TreeSet<>();
        for (Tree member : type.getMembers()) {
            if (member instanceof MethodTree method
                    && method.getModifiers().getAnnotations().stream()
                            .anyMatch(each -> TEST_ANNOTATIONS.contains(
                                    each.getAnnotationType().toString()))) {
                tests.add(method.getName().toString());
            }
        }
        boolean isSoak = type.getModifiers().getAnnotations().stream()
                .anyMatch(each -> each.toString().contains("\"soak\""));
        boolean isAbstract = type.getModifiers().getFlags().contains(Modifier.ABSTRACT);
        Tree parent = type.getExtendsClause();
        return new TestSource(
                type.getSimpleName().toString(),
                parent == null ? null : parent.toString(),
                !isSoak && !isAbstract,
                tests,
                namesIn(unit));
    }

    private static Set<String> namesIn(CompilationUnitTree unit) {
        Set<String> names = new TreeSet<>();
        new TreeScanner<Void, Void>() {
            @Override
            public Void visitIdentifier(IdentifierTree tree, Void nothing) {
                names.add(tree.getName().toString());
                return super.visitIdentifier(tree, null);
            }

            @Override
            public Void visitMemberSelect(MemberSelectTree tree, Void nothing) {
                names.add(tree.getIdentifier().toString());
                return super.visitMemberSelect(tree, null);
            }

            @Override
            public Void visitMemberReference(MemberReferenceTree tree, Void nothing) {
                names.add(tree.getName().toString());
                return super.visitMemberReference(tree, null);
            }
        }.scan(unit.getTypeDecls(), null);
        return names;
    }
}
