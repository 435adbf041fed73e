package io.coord.sample;

import io.coord.client.error.BadVersionException;
import io.coord.client.error.CoordException;
import io.coord.recipes.lock.LeaseLostException;
import io.coord.spring.lock.LockLostException;
import io.coord.spring.lock.LockNotAcquiredException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/**
 * Failures as HTTP answers (RFC 9457). Each says in {@code outcome} whether the effect may have happened ({@code none} or
 * {@code unknown}) and in {@code advice} what to do.
 */
@RestControllerAdvice
class ShopProblems extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ShopProblems.class);

    private enum Outcome {
        NONE("none"),
        UNKNOWN("unknown");

        private final String text;

        Outcome(String text) {
            this.text = text;
        }
    }

    @ExceptionHandler
    ResponseEntity<Object> refused(OrderRefusedException e, WebRequest request) {
        return switch (e.reason()) {
            case INVALID -> answer(e, request, HttpStatus.BAD_REQUEST, e.getMessage(), Outcome.NONE, null);
            case UNKNOWN_ITEM ->
                answer(
                        e,
                        request,
                        HttpStatus.NOT_FOUND,
                        e.getMessage(),
                        Outcome.NONE,
                        "GET /stock lists what there is.");
            case SOLD_OUT ->
                answer(
                        e,
                        request,
                        HttpStatus.CONFLICT,
                        e.getMessage(),
                        Outcome.NONE,
                        "The leader restocks; try again later.");
            case DIFFERENT_ORDER ->
                answer(e, request, HttpStatus.CONFLICT, e.getMessage(), Outcome.NONE, "Give another order another id.");
            case INTERRUPTED ->
                answer(
                        e,
                        request,
                        HttpStatus.SERVICE_UNAVAILABLE,
                        e.getMessage(),
                        Outcome.NONE,
                        "Ask another instance.");
        };
    }

    @ExceptionHandler
    ResponseEntity<Object> notAcquired(LockNotAcquiredException e, WebRequest request) {
        String detail = e.getCause() == null
                ? "The lock was not free in time. Nothing was done."
                : "The lock could not be had: " + e.getCause().getMessage() + ". Nothing was done.";
        return answer(e, request, HttpStatus.SERVICE_UNAVAILABLE, detail, Outcome.NONE, "Try again.");
    }

    @ExceptionHandler
    ResponseEntity<Object> lostBeforeWriting(LeaseLostException e, WebRequest request) {
        String detail = "The lock was lost before the write, so the servers refused the write. Nothing was done.";
        return answer(e, request, HttpStatus.SERVICE_UNAVAILABLE, detail, Outcome.NONE, "Try again.");
    }

    /** Only of readers: what sells and restocks does not care for a loss that its guarded write has survived. */
    @ExceptionHandler
    ResponseEntity<Object> lostWhileReading(LockLostException e, WebRequest request) {
        String detail = "The lock was lost while the stock was read, so the numbers may not fit together.";
        return answer(e, request, HttpStatus.SERVICE_UNAVAILABLE, detail, Outcome.NONE, "Try again.");
    }

    @ExceptionHandler
    ResponseEntity<Object> conflict(BadVersionException e, WebRequest request) {
        String detail = "It was changed in the meantime. Nothing was done.";
        return answer(e, request, HttpStatus.CONFLICT, detail, Outcome.NONE, "Look at the new state, then try again.");
    }

    @ExceptionHandler
    ResponseEntity<Object> servers(CoordException e, WebRequest request) {
        if (e.isOutcomeUnknown()) {
            String detail = "The servers did not answer. It may have been done: " + e.getMessage() + ".";
            String advice = "Send the same again, under the same id if it is an order: it is not done twice.";
            return answer(e, request, HttpStatus.SERVICE_UNAVAILABLE, detail, Outcome.UNKNOWN, advice);
        }
        String detail = "Nothing was done: " + e.getMessage() + ".";
        return answer(e, request, HttpStatus.SERVICE_UNAVAILABLE, detail, Outcome.NONE, "Try again.");
    }

    /** Says what the constructor of a record has to say about the body. */
    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        String detail = NestedExceptionUtils.getMostSpecificCause(e) instanceof IllegalArgumentException cause
                ? cause.getMessage()
                : "The body is not the JSON that is expected here.";
        return answer(e, request, HttpStatus.BAD_REQUEST, detail, Outcome.NONE, null);
    }

    /** What Spring refuses has not come to the shop. */
    @Override
    protected ResponseEntity<Object> createResponseEntity(
            @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        if (body instanceof ProblemDetail problem && status.is4xxClientError()) {
            problem.setProperty("outcome", Outcome.NONE.text);
        }
        return super.createResponseEntity(body, headers, status, request);
    }

    private ResponseEntity<Object> answer(
            Exception e,
            WebRequest request,
            HttpStatus status,
            @Nullable String detail,
            Outcome outcome,
            @Nullable String advice) {
        ProblemDetail problem = ProblemDetail.forStatus(status);
        problem.setDetail(detail);
        problem.setProperty("outcome", outcome.text);
        if (advice != null) {
            problem.setProperty("advice", advice);
        }
        Object orderId = request.getAttribute(OrderController.ORDER_ID, WebRequest.SCOPE_REQUEST);
        if (orderId != null) {
            problem.setProperty("orderId", orderId);
        }
        HttpHeaders headers = new HttpHeaders();
        if (status == HttpStatus.SERVICE_UNAVAILABLE) {
            headers.set(HttpHeaders.RETRY_AFTER, "1");
        }
        if (log.isDebugEnabled()) {
            log.debug(
                    "{} for {}",
                    status,
                    ((ServletWebRequest) request).getRequest().getRequestURI(),
                    e);
        }
        return ResponseEntity.status(status).headers(headers).body(problem);
    }
}
