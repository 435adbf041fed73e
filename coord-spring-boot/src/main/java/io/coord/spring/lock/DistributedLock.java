package io.coord.spring.lock;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.core.annotation.AliasFor;

/**
 * Runs the method under a lock that one holder has at a time, in all processes that use the same servers, namespace and
 * {@code coord.lock.root}. Who came first gets it first. Clients of Curator share it through an {@code InterProcessMutex} on
 * the lock's path.
 *
 * <p>It knows no readers: a name belongs to one kind of lock, and the application does not start when {@link ReadLock} or {@link WriteLock}
 * uses it too.
 *
 * <p>The lock is taken before a transaction of the method begins and released after it ended, and it is taken on the thread that
 * runs an {@code @Async} method, not on the one that calls it. A method that returns a {@code CompletionStage} holds the lock until
 * that stage is complete. A method that returns a {@code Mono} or {@code Flux} is called when that is subscribed to and the lock is
 * there, on a thread of {@code Schedulers.parallel()}, once for each subscription; no thread waits for the lock, and it is released when
 * the sequence ends or is cancelled. {@link ReactiveLeases} tells such a sequence of its lease. Methods that return another kind of publisher
 * or a plain {@code Future} are refused when the application starts.
 *
 * <p>Calls within one thread may nest: a method that is called while the same lock is held runs under the lease that is
 * there.
 *
 * <p>A lock can be lost while the method runs: when the session expires, the servers give it to the next in line, whatever the method
 * is doing. {@link #onLost()} says what happens then. What must not be written by two holders needs the fencing token: take
 * a parameter of type {@link io.coord.recipes.lock.Lease} or {@link FencingToken}, for which the caller passes {@code null}, or call
 * {@link Leases#current()}.
 *
 * <p>As with all of Spring's annotations on methods, calls within the same object do not go through the lock.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface DistributedLock {

    /** Same as {@link #name()}. */
    @AliasFor("name")
    String value() default "";

    /**
     * Name of the lock: one or more elements of a path below {@code coord.lock.root}, such as {@code stock} or {@code shop/stock}.
     * Placeholders ({@code ${…}}) are replaced. Mandatory.
     */
    @AliasFor("value")
    String name() default "";

    /**
     * SpEL expression for the part of the lock's name that depends on the call, such as {@code #id} or {@code #order.id}. Parameters
     * go by name ({@code #id}, needs classes compiled with {@code -parameters}) or position ({@code #p0}); the root object is the
     * object whose method is called. Its value must not be {@code null} or empty; its text becomes one element of the lock's path,
     * whatever characters it has. If empty, there is one lock for all calls.
     */
    String key() default "";

    /**
     * Time to wait for the lock, such as {@code 5s}, {@code 500ms} or {@code PT5S}; {@code 0} tries once. Placeholders are replaced.
     * If empty, {@code coord.lock.wait}.
     */
    String waitTime() default "";

    /** What the method does when it does not get the lock in time. */
    OnFailure onFailure() default OnFailure.DEFAULT;

    /**
     * Method of the same class to call instead when the lock was not acquired, with the same parameters and a return type that fits.
     * Setting it means {@link OnFailure#FALLBACK}.
     */
    String fallback() default "";

    /** What happens when the lock is lost while the method runs. */
    OnLost onLost() default OnLost.DEFAULT;

    /**
     * Method of the same class to call when the lock is lost while the method runs. It returns nothing and takes any of
     * {@link io.coord.recipes.lock.Lease}, {@link FencingToken} and {@link LockLostException}. Setting it means
     * {@link OnLost#CALLBACK}, which tells when and on which thread it is called. What it throws is logged.
     */
    String lossCallback() default "";

    /**
     * Method of the same class to call when somebody asks for the lock while the method runs, so that it can end early: the lock is
     * released when it has ended. It returns nothing and takes any of {@link io.coord.recipes.lock.Lease} and {@link FencingToken}; it
     * is called once for each call, on the thread that {@link OnLost#CALLBACK} tells of. {@link LockReleaseRequestedEvent} is
     * published in any case.
     */
    String onReleaseRequested() default "";
}
