package io.coord.verification.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/**
 * The modules of this build, as the root POM lists them. A module added there is looked at without a change here, and
 * one whose classes are missing fails the test instead of passing unseen.
 */
record Reactor(List<Module> modules) {

    /** One module: its name and its folder. */
    record Module(String name, Path folder) {

        List<Path> mainClasses() {
            return compiled("src/main/java", "target/classes");
        }

        List<Path> testClasses() {
            return compiled("src/test/java", "target/test-classes");
        }

        /** The artifacts of this project that the module's POM names outside test scope. */
        List<String> declaredArrows() {
            List<String> arrows = new ArrayList<>();
            Element project = parse(folder.resolve("pom.xml")).getDocumentElement();
            for (Element dependencies : children(project, "dependencies")) {
                for (Element dependency : children(dependencies, "dependency")) {
                    boolean ours = text(dependency, "groupId").equals("io.coord");
                    if (ours && !text(dependency, "scope").equals("test")) {
                        arrows.add(text(dependency, "artifactId"));
                    }
                }
            }
            return arrows;
        }

        private List<Path> compiled(String sources, String classes) {
            if (!holdsJava(folder.resolve(sources))) {
                return List.of();
            }
            Path compiled = folder.resolve(classes);
            if (!Files.isDirectory(compiled)) {
                throw new AssertionError(name + " has sources in " + sources + " but nothing in " + classes
                        + ": build the whole project first (mvn verify)");
            }
            return List.of(compiled);
        }

        private static boolean holdsJava(Path folder) {
            if (!Files.isDirectory(folder)) {
                return false;
            }
            try (Stream<Path> files = Files.walk(folder)) {
                return files.anyMatch(file -> file.toString().endsWith(".java"));
            } catch (IOException e) {
                throw new AssertionError("cannot list " + folder, e);
            }
        }
    }

    static Reactor read() {
        Path root = Path.of("..").toAbsolutePath().normalize();
        List<Module> modules = new ArrayList<>();
        Element project = parse(root.resolve("pom.xml")).getDocumentElement();
        for (Element list : children(project, "modules")) {
            for (Element module : children(list, "module")) {
                String name = module.getTextContent().strip();
                modules.add(new Module(name, root.resolve(name)));
            }
        }
        if (modules.isEmpty()) {
            throw new AssertionError("the root POM lists no modules: " + root.resolve("pom.xml"));
        }
        return new Reactor(List.copyOf(modules));
    }

    List<Path> mainClasses() {
        return modules.stream().flatMap(module -> module.mainClasses().stream()).toList();
    }

    List<Path> testClasses() {
        return modules.stream().flatMap(module -> module.testClasses().stream()).toList();
    }

    private static Document parse(Path pom) {
        try {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
        } catch (ParserConfigurationException | SAXException | IOException e) {
            throw new AssertionError("cannot read " + pom, e);
        }
    }

    private static List<Element> children(Element parent, String name) {
        List<Element> found = new ArrayList<>();
        for (var node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && element.getTagName().equals(name)) {
                found.add(element);
            }
        }
        return found;
    }

    private static String text(Element parent, String name) {
        List<Element> found = children(parent, name);
        return found.isEmpty() ? "" : found.get(0).getTextContent().strip();
    }
}
