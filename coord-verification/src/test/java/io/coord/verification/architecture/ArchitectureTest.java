package io.coord.verification.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.coord.verification.architecture.Reactor.Module;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The shape that {@code docs/ARCHITECTURE.md} describes, checked on the compiled classes of all modules. */
class ArchitectureTest {

    private static final String RAFT_LIBRARY = "org.apache.ratis..";

    private static final String SPRING_CLOUD = "org.springframework.cloud..";

    /** What each module's main code may use. Transitive: the client's API shows the protocol's {@code Stat}. */
    private static final Map<String, Set<String>> ARROWS = Map.ofEntries(
            Map.entry("coord-protocol", Set.of()),
            Map.entry("coord-client", Set.of("coord-protocol")),
            Map.entry("coord-recipes", Set.of("coord-client", "coord-protocol")),
            Map.entry("coord-server-embedded", Set.of("coord-protocol")),
            Map.entry("coord-server-ensemble", Set.of("coord-server-embedded", "coord-protocol")),
            Map.entry(
                    "coord-server",
                    Set.of("coord-server-ensemble", "coord-server-embedded", "coord-protocol", "coord-cli")),
            Map.entry("coord-cli", Set.of("coord-client", "coord-recipes", "coord-server-embedded", "coord-protocol")),
            Map.entry("coord-testkit", Set.of("coord-client", "coord-server-embedded", "coord-protocol")),
            Map.entry(
                    "coord-spring-boot",
                    Set.of("coord-client", "coord-recipes", "coord-server-embedded", "coord-protocol")),
            Map.entry("coord-spring-boot-starter", Set.of("coord-spring-boot", "coord-server-embedded")),
            Map.entry(
                    "coord-spring-boot-starter-test",
                    Set.of(
                            "coord-spring-boot",
                            "coord-testkit",
                            "coord-client",
                            "coord-recipes",
                            "coord-server-embedded",
                            "coord-protocol")),
            Map.entry(
                    "sample-app",
                    Set.of(
                            "coord-spring-boot-starter",
                            "coord-spring-boot",
                            "coord-client",
                            "coord-recipes",
                            "coord-protocol")),
            Map.entry("coord-verification", Set.of()));

    /** The replicator's port is implemented in a module of its own, and only there; it looks at files as the log of one server does. */
    private static final Map<String, Set<String>> PORTS = Map.of(
            "coord-server-ensemble",
            Set.of(
                    "io.coord.server.internal.replication",
                    "io.coord.server.internal.runtime",
                    "io.coord.server.internal.log"));

    /** Owned by the server's one event loop: state that is plain because nobody else touches it. */
    private static final String[] STATE_THREAD_PACKAGES = {
        "io.coord.server.internal.pipeline",
        "io.coord.server.internal.state",
        "io.coord.server.internal.tree",
        "io.coord.server.internal.session",
        "io.coord.server.internal.watch",
        "io.coord.server.internal.auth",
        "io.coord.server.internal.quota",
        "io.coord.server.internal.metrics",
    };

    private static Reactor reactor;
    private static JavaClasses mainClasses;

    @BeforeAll
    static void importMainClasses() {
        reactor = Reactor.read();
        mainClasses = new ClassFileImporter().importPaths(reactor.mainClasses());
        assertThat(mainClasses).as("classes of the main code").isNotEmpty();
    }

    @Test
    void modulesUseOnlyTheModulesTheyMay() {
        Map<String, String> moduleOf = new HashMap<>();
        for (Module module : reactor.modules()) {
            for (JavaClass type : new ClassFileImporter().importPaths(module.mainClasses())) {
                moduleOf.put(type.getName(), module.name());
            }
        }
        classes().should(new UseOnlyAllowedModules(moduleOf, ARROWS, PORTS)).check(mainClasses);
    }

    @Test
    void pomsDeclareOnlyTheArrowsTheyMay() {
        assertThat(reactor.modules()).extracting(Module::name).containsExactlyInAnyOrderElementsOf(ARROWS.keySet());
        for (Module module : reactor.modules()) {
            assertThat(module.declaredArrows())
                    .as(module.name())
                    .isSubsetOf(ARROWS.getOrDefault(module.name(), Set.of()));
        }
    }

    @Test
    void packagesFormNoCycles() {
        slices().matching("io.coord.(**)").should().beFreeOfCycles().check(mainClasses);
    }

    @Test
    void publicSignaturesAreFreeOfInternalTypes() {
        classes()
                .that()
                .resideOutsideOfPackage("..internal..")
                .should(new ShowNoInternalTypes())
                .check(mainClasses);
    }

    @Test
    void stateThreadPackagesKnowNoNettyThreadsClocksOrRandomness() {
        noClasses()
                .that()
                .resideInAnyPackage(STATE_THREAD_PACKAGES)
                .should()
                .dependOnClassesThat(nettyBesidesItsBuffers())
                .orShould()
                .dependOnClassesThat(resideInAPackage("java.util.concurrent.."))
                .orShould()
                .dependOnClassesThat(nonDeterministic())
                .orShould()
                .accessTargetWhere(target(readsTimeOrRandomness()))
                .check(mainClasses);
    }

    @Test
    void stateThreadPackagesAreWhereTheRuleLooks() {
        for (String name : STATE_THREAD_PACKAGES) {
            assertThat(mainClasses.stream().filter(type -> type.getPackageName().equals(name)))
                    .as("classes of %s", name)
                    .isNotEmpty();
        }
    }

    @Test
    void sessionCoreKnowsNoNettyThreadsClocksOrRandomness() {
        noClasses()
                .that()
                .haveFullyQualifiedName("io.coord.client.internal.session.SessionCore")
                .should()
                .dependOnClassesThat(nettyBesidesItsBuffers())
                .orShould()
                .dependOnClassesThat(nonDeterministic())
                .orShould()
                .accessTargetWhere(target(readsTimeOrRandomness()))
                .check(mainClasses);
    }

    @Test
    void onlyTheEnsembleKnowsTheRaftLibrary() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.coord.server.ensemble..")
                .should()
                .dependOnClassesThat(resideInAPackage(RAFT_LIBRARY))
                .check(mainClasses);
    }

    @Test
    void onlyItsAdaptersKnowSpringCloud() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.coord.spring.cloud")
                .should()
                .dependOnClassesThat(resideInAPackage(SPRING_CLOUD))
                .check(mainClasses);
    }

    /** What is optional must be missing without a trace: nobody else may need the adapters. */
    @Test
    void nobodyUsesTheAdaptersToSpringCloud() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.coord.spring.cloud")
                .should()
                .dependOnClassesThat(resideInAPackage("io.coord.spring.cloud.."))
                .check(mainClasses);
    }

    @Test
    void theAdaptersToSpringCloudKnowItsInterfacesAndNoProductBehindThem() {
        classes()
                .that()
                .resideInAPackage("io.coord.spring.cloud")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                                "org.springframework.cloud.client..", "org.springframework.cloud.loadbalancer..")
                        .or(describe(
                                "are no class of Spring Cloud, nor of a server or of ZooKeeper",
                                type -> !resideInAnyPackage(
                                                SPRING_CLOUD,
                                                "io.coord.server..",
                                                "org.apache.curator..",
                                                "org.apache.zookeeper..")
                                        .test(type))))
                .check(mainClasses);
    }

    @Test
    void theShellUsesOfTheServerOnlyItsCommandsOnFiles() {
        noClasses()
                .that()
                .resideInAPackage("io.coord.cli..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.coord.server..")
                        .and(describe(
                                "are none of its commands",
                                type -> !type.getPackageName().equals("io.coord.server.data"))))
                .check(mainClasses);
    }

    @Test
    void onlyTheShellKnowsItsLibraries() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.coord.cli..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("picocli..", "org.jline.."))
                .check(mainClasses);
    }

    @Test
    void onlyProcessesOfOurOwnReadSystemProperties() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.coord.cli..", "io.coord.server.standalone..")
                .should()
                .accessTargetWhere(target(systemProperties()))
                .check(mainClasses);
    }

    @Test
    void testsNeverSleep() {
        JavaClasses testClasses = new ClassFileImporter().importPaths(reactor.testClasses());
        noClasses().should().accessTargetWhere(target(sleeps())).check(testClasses);
    }

    private static DescribedPredicate<JavaClass> nonDeterministic() {
        return describe(
                "are clocks, threads or sources of randomness",
                type -> Set.of(
                                        "java.lang.Thread",
                                        "java.time.Clock",
                                        "java.util.Random",
                                        "java.util.SplittableRandom",
                                        "java.util.Timer",
                                        "java.security.SecureRandom")
                                .contains(type.getName())
                        || (resideInAnyPackage("java.util.random..").test(type)
                                // Randomness may be handed in; where it comes from is not the core's to choose.
                                && !type.getName().equals("java.util.random.RandomGenerator")));
    }

    /** Snapshots and records are written to buffers; everything else of Netty has threads or channels in it. */
    private static DescribedPredicate<JavaClass> nettyBesidesItsBuffers() {
        return describe(
                "are Netty's, but for buffers",
                type -> resideInAPackage("io.netty..").test(type)
                        && !resideInAPackage("io.netty.buffer..").test(type));
    }

    private static DescribedPredicate<AccessTarget> readsTimeOrRandomness() {
        return describe("reads time or randomness", target -> {
            String owner = target.getOwner().getName();
            String member = target.getName();
            return (owner.equals("java.lang.System") && member.matches("(?i).*time.*"))
                    || (owner.startsWith("java.time.") && member.equals("now"))
                    || (owner.equals("java.util.Date") && member.equals("<init>"))
                    || (owner.equals("java.util.UUID") && member.equals("randomUUID"))
                    || (owner.equals("java.util.random.RandomGenerator")
                            && Set.of("of", "getDefault").contains(member))
                    || (Set.of("java.lang.Math", "java.lang.StrictMath").contains(owner) && member.equals("random"));
        });
    }

    private static DescribedPredicate<AccessTarget> systemProperties() {
        Map<String, List<String>> readers = Map.of(
                "java.lang.System",
                        List.of("getProperty", "getProperties", "setProperty", "setProperties", "clearProperty"),
                "java.lang.Boolean", List.of("getBoolean"),
                "java.lang.Integer", List.of("getInteger"),
                "java.lang.Long", List.of("getLong"));
        return describe(
                "is a system property",
                target -> readers.getOrDefault(target.getOwner().getName(), List.of())
                        .contains(target.getName()));
    }

    private static DescribedPredicate<AccessTarget> sleeps() {
        return describe(
                "sleeps",
                target -> target.getName().equals("sleep")
                        && Set.of("java.lang.Thread", "java.util.concurrent.TimeUnit")
                                .contains(target.getOwner().getName()));
    }
}
