package io.coord.spring.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.coord.recipes.lock.Lease;
import io.coord.spring.lock.LockedMethod.Injected;
import io.coord.spring.lock.LockedMethod.Injection;
import io.coord.spring.method.ReturnKind;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.annotation.AliasFor;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.samples.coord.PetStore;
import reactor.core.publisher.Flux;

class LockedMethodsTest {

    private final MockEnvironment environment = new MockEnvironment().withProperty("shop", "berlin");
    private final LockedMethods methods =
            new LockedMethods(environment::resolveRequiredPlaceholders, OnFailure.THROW, OnLost.INTERRUPT);

    @Test
    void readsModeNameKeyAndWait() {
        LockedMethod locked = find(Good.class, "sell");
        assertThat(locked.mode()).isEqualTo(LockMode.WRITE);
        assertThat(locked.name()).isEqualTo("berlin/stock");
        assertThat(locked.key()).isNotNull();
        assertThat(locked.waitTime()).isEqualTo(Duration.ofMillis(1500));
        assertThat(locked.onFailure()).isEqualTo(OnFailure.THROW);
        assertThat(locked.onLost()).isEqualTo(OnLost.IGNORE);
        assertThat(locked.injections())
                .containsExactly(new Injection(1, Injected.LEASE), new Injection(2, Injected.TOKEN));
    }

    @Test
    void leavesMethodsWithoutAnnotationAlone() {
        assertThat(find(Good.class, "plain")).isNull();
        assertThat(methods.any(String.class)).isFalse();
    }

    @Test
    void locksMethodsOfApplicationsInPackagesThatBeginLikeSpringsOwn() {
        assertThat(find(PetStore.class, "sell").name()).isEqualTo("pets");
    }

    @Test
    void readsMutexesAndPermits() {
        assertThat(find(Good.class, "alone").mode()).isEqualTo(LockMode.EXCLUSIVE);
        LockedMethod permit = find(Good.class, "limited");
        assertThat(permit.mode()).isEqualTo(LockMode.PERMIT);
        assertThat(permit.limit()).isEqualTo(3);
        assertThat(permit.returns()).isEqualTo(ReturnKind.FLUX);
    }

    @Test
    void generalSettingsApplyWhereTheAnnotationSaysNothing() {
        LockedMethod locked = find(Good.class, "optional");
        assertThat(locked.waitTime()).isNull();
        assertThat(locked.onFailure()).isEqualTo(OnFailure.THROW);
        assertThat(locked.onLost()).isEqualTo(OnLost.INTERRUPT);
        assertThat(locked.returns()).isEqualTo(ReturnKind.OPTIONAL);
    }

    @Test
    void holdsUntilAStageIsComplete() {
        assertThat(find(Good.class, "later").returns()).isEqualTo(ReturnKind.STAGE);
    }

    @Test
    void namingAFallbackMeansFallback() {
        LockedMethod locked = find(Good.class, "withFallback");
        assertThat(locked.onFailure()).isEqualTo(OnFailure.FALLBACK);
        assertThat(locked.fallback()).isNotNull();
    }

    @Test
    void findsTheAnnotationOfAnInterfaceAndOfAComposedAnnotation() {
        assertThat(find(Implementation.class, "declared").name()).isEqualTo("from-interface");
        assertThat(find(Implementation.class, "composed").name()).isEqualTo("from-composed");
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                NoName.class,
                BlankName.class,
                PathName.class,
                Both.class,
                BadKey.class,
                BadWait.class,
                NegativeWait.class,
                NoPlaceholder.class,
                SkipPrimitive.class,
                FallbackUnnamed.class,
                FallbackMissing.class,
                FallbackOtherParameters.class,
                FallbackOtherResult.class,
                FallbackContradicts.class,
                PlainFuture.class,
                Publisher.class,
                PrivateMethod.class,
                FinalMethod.class,
                KeyAndNoKey.class,
                MutexAndWriter.class,
                TwoKindsOfOneName.class,
                NoLimit.class,
                TwoLimits.class,
                NegativeLimit.class,
                LimitIsNoNumber.class,
                LimitsDiffer.class
            })
    void refusesAWrongDeclarationWithTheMethodAndTheCure(Class<?> type) {
        assertThatExceptionOfType(InvalidLockAnnotationException.class)
                .isThrownBy(() -> methods.any(type))
                .satisfies(e -> {
                    assertThat(e.getMessage()).contains(type.getSimpleName() + ".method");
                    assertThat(e.analysis().getAction()).isNotBlank();
                });
    }

    @Test
    void namesAPrimitiveTypeThatCannotBeSkipped() {
        assertThatExceptionOfType(InvalidLockAnnotationException.class)
                .isThrownBy(() -> methods.any(SkipPrimitive.class))
                .satisfies(e -> {
                    assertThat(e.getMessage()).contains("primitive type int");
                    assertThat(e.analysis().getAction()).contains("Integer");
                });
    }

    @Test
    void sameNameWithAndWithoutKeyInTwoClassesIsRefused() {
        assertThat(methods.any(Keyed.class)).isTrue();
        assertThatExceptionOfType(InvalidLockAnnotationException.class)
                .isThrownBy(() -> methods.any(Keyless.class))
                .withMessageContaining("Keyed.method")
                .withMessageContaining("Keyless.method");
    }

    private LockedMethod find(Class<?> type, String name) {
        Method method = Arrays.stream(type.getMethods())
                .filter(m -> m.getName().equals(name))
                .findFirst()
                .orElseThrow();
        return methods.find(method, type);
    }

    public static class Good {
        @WriteLock(name = "${shop}/stock", key = "#id", waitTime = "1500ms", onLost = OnLost.IGNORE)
        public int sell(String id, Lease lease, FencingToken token) {
            return 1;
        }

        public void plain() {}

        @DistributedLock("alone")
        public void alone() {}

        @Permit(name = "licences", limitString = "${licences:3}")
        public Flux<String> limited() {
            return Flux.empty();
        }

        @ReadLock("reports")
        public Optional<String> optional() {
            return Optional.empty();
        }

        @ReadLock("reports")
        public CompletableFuture<String> later() {
            return new CompletableFuture<>();
        }

        @WriteLock(name = "reports", fallback = "other")
        public String withFallback(int amount) {
            return "";
        }

        String other(int amount) {
            return "fallback " + amount;
        }
    }

    @Retention(RetentionPolicy.RUNTIME)
    @ReadLock
    @interface Composed {
        @AliasFor(annotation = ReadLock.class, attribute = "name")
        String lock();
    }

    interface Declared {
        @WriteLock("from-interface")
        void declared();
    }

    public static class Implementation implements Declared {
        @Override
        public void declared() {}

        @Composed(lock = "from-composed")
        public void composed() {}
    }

    static class NoName {
        @WriteLock
        void method() {}
    }

    static class BlankName {
        @ReadLock(" ")
        void method() {}
    }

    static class PathName {
        @ReadLock("/stock")
        void method() {}
    }

    static class Both {
        @ReadLock("stock")
        @WriteLock("stock")
        void method() {}
    }

    static class BadKey {
        @ReadLock(name = "bad-key", key = "#id +")
        void method(String id) {}
    }

    static class BadWait {
        @ReadLock(name = "stock", waitTime = "soon")
        void method() {}
    }

    static class NegativeWait {
        @ReadLock(name = "stock", waitTime = "-1s")
        void method() {}
    }

    static class NoPlaceholder {
        @ReadLock("${nowhere}")
        void method() {}
    }

    static class SkipPrimitive {
        @WriteLock(name = "stock", onFailure = OnFailure.SKIP)
        int method() {
            return 0;
        }
    }

    static class FallbackUnnamed {
        @WriteLock(name = "stock", onFailure = OnFailure.FALLBACK)
        void method() {}
    }

    static class FallbackMissing {
        @WriteLock(name = "stock", fallback = "other")
        void method() {}
    }

    static class FallbackOtherParameters {
        @WriteLock(name = "stock", fallback = "other")
        void method(String id) {}

        void other(int id) {}
    }

    static class FallbackOtherResult {
        @WriteLock(name = "stock", fallback = "other")
        String method() {
            return "";
        }

        Integer other() {
            return 1;
        }
    }

    static class FallbackContradicts {
        @WriteLock(name = "stock", fallback = "other", onFailure = OnFailure.SKIP)
        void method() {}

        void other() {}
    }

    static class PlainFuture {
        @WriteLock("stock")
        Future<String> method() {
            return new CompletableFuture<>();
        }
    }

    static class Publisher {
        @WriteLock("stock")
        Flow.Publisher<String> method() {
            return subscriber -> {};
        }
    }

    static class PrivateMethod {
        @WriteLock("stock")
        @SuppressWarnings("UnusedMethod")
        private void method() {}
    }

    static class FinalMethod {
        @WriteLock("stock")
        final void method() {}
    }

    static class KeyAndNoKey {
        @WriteLock(name = "both-ways", key = "#id")
        void method(String id) {}

        @ReadLock("both-ways")
        void methodOfAll() {}
    }

    static class MutexAndWriter {
        @DistributedLock("stock")
        @WriteLock("stock")
        void method() {}
    }

    static class TwoKindsOfOneName {
        @DistributedLock("two-kinds")
        void method() {}

        @ReadLock("two-kinds")
        void methodOfReaders() {}
    }

    static class NoLimit {
        @Permit("licences")
        void method() {}
    }

    static class TwoLimits {
        @Permit(name = "licences", limit = 1, limitString = "1")
        void method() {}
    }

    static class NegativeLimit {
        @Permit(name = "licences", limit = -1)
        void method() {}
    }

    static class LimitIsNoNumber {
        @Permit(name = "licences", limitString = "many")
        void method() {}
    }

    static class LimitsDiffer {
        @Permit(name = "differing", limit = 1)
        void method() {}

        @Permit(name = "differing", limit = 2)
        void methodOfMore() {}
    }

    static class Keyed {
        @WriteLock(name = "shared", key = "#id")
        void method(String id) {}
    }

    static class Keyless {
        @ReadLock("shared")
        void method() {}
    }
}
